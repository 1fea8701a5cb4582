-- Touches the conversations of packets that an error in another capture quotes, where either
-- capture came with the streams from :first_new on: neither shows alone that a question was refused.
INSERT OR IGNORE INTO touched (conversation_key)
SELECT a.conversation_key
FROM derived_icmp_link AS k
JOIN fact_packet AS i ON i.packet_id = k.icmp_packet_id
JOIN fact_packet AS o ON o.packet_id = k.original_packet_id
JOIN fact_stream AS a ON a.stream_id = o.stream_id - o.stream_id % 2
WHERE k.icmp_packet_id >> 32 <> k.original_packet_id >> 32
  AND max(i.stream_id, o.stream_id) >= :first_new
  AND a.conversation_key IS NOT NULL;
