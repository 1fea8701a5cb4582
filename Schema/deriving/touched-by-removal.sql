-- Touches the conversations of the capture :capture_id, which is to be taken out, and those of
-- packets in other captures that an error in it quotes.
INSERT OR IGNORE INTO touched (conversation_key)
SELECT conversation_key
FROM fact_stream
WHERE capture_id = :capture_id
  AND conversation_key IS NOT NULL;

INSERT OR IGNORE INTO touched (conversation_key)
SELECT a.conversation_key
FROM derived_icmp_link AS k
JOIN fact_packet AS o ON o.packet_id = k.original_packet_id
JOIN fact_stream AS a ON a.stream_id = o.stream_id - o.stream_id % 2
WHERE k.icmp_packet_id BETWEEN :capture_id << 32 AND (:capture_id + 1 << 32) - 1
  AND a.conversation_key IS NOT NULL;

INSERT OR IGNORE INTO touched (conversation_key)
SELECT quoted_key
FROM fact_icmp_message
WHERE packet_id BETWEEN :capture_id << 32 AND (:capture_id + 1 << 32) - 1
  AND quoted_key IS NOT NULL;
