-- Touches the conversations of packets that an error quotes, where either came with the streams from
-- :first_new on and reading did not show that a question was refused: the error is in another
-- capture, or quotes too little to tell by itself which query it refuses.
INSERT OR IGNORE INTO touched (conversation_key)
SELECT a.conversation_key
FROM derived_icmp_link AS k
JOIN fact_packet AS i ON i.packet_id = k.icmp_packet_id
JOIN fact_packet AS o ON o.packet_id = k.original_packet_id
JOIN fact_stream AS a ON a.stream_id = o.stream_id - o.stream_id % 2
JOIN fact_icmp_message AS e ON e.packet_id = k.icmp_packet_id
LEFT JOIN fact_dns_message AS q ON q.packet_id = k.original_packet_id AND q.position = 0
WHERE max(i.stream_id, o.stream_id) >= :first_new
  AND a.conversation_key IS NOT NULL
  AND (
    k.icmp_packet_id >> 32 <> k.original_packet_id >> 32
    OR (q.is_response = 0
      AND (e.quoted_key IS NULL OR e.quoted_dst_port IS NOT 53 OR e.quoted_dns_txid IS NULL
        OR e.quoted_qname IS NULL OR e.quoted_qtype IS NULL)));

-- Touches the conversations that an error in another capture quotes with all that tells a question, where
-- either came with those streams: such an error refuses it though it may be linked to no packet.
INSERT OR IGNORE INTO touched (conversation_key)
SELECT e.quoted_key
FROM fact_icmp_message AS e
CROSS JOIN fact_packet AS p ON p.packet_id = e.packet_id
WHERE e.quoted_key IS NOT NULL
  AND e.quoted_dst_port = 53
  AND e.quoted_dns_txid IS NOT NULL
  AND EXISTS (
    SELECT 1
    FROM fact_stream AS s
    WHERE s.conversation_key = e.quoted_key
      AND s.capture_id <> e.packet_id >> 32
      AND (s.stream_id >= :first_new OR p.stream_id >= :first_new));

-- Touches the conversations that errors quote whose sightings were told anew: one that refused a
-- question may now be a duplicate of another, or no longer be one.
INSERT OR IGNORE INTO touched (conversation_key)
SELECT e.quoted_key
FROM fact_icmp_message AS e
CROSS JOIN fact_packet AS p ON p.packet_id = e.packet_id
CROSS JOIN touched_stream AS t ON t.stream_id = p.stream_id
WHERE e.quoted_key IS NOT NULL
  AND e.quoted_dst_port = 53;

INSERT OR IGNORE INTO touched (conversation_key)
SELECT a.conversation_key
FROM derived_icmp_link AS k
CROSS JOIN fact_packet AS p ON p.packet_id = k.icmp_packet_id
CROSS JOIN touched_stream AS t ON t.stream_id = p.stream_id
JOIN fact_packet AS o ON o.packet_id = k.original_packet_id
JOIN fact_stream AS a ON a.stream_id = o.stream_id - o.stream_id % 2
JOIN fact_dns_message AS q ON q.packet_id = k.original_packet_id AND q.position = 0
WHERE a.conversation_key IS NOT NULL;
