-- The packets that such an error may quote, latest first: neither a question that was answered,
-- nor another packet whose conversation got something back since. What the error does not print,
-- such as the port of "host … unreachable", tells no packet from another.
SELECT p.packet_id, p.ts
FROM fact_stream AS s
CROSS JOIN fact_packet AS p ON p.stream_id = s.stream_id
LEFT JOIN fact_dns_message AS q ON q.packet_id = p.packet_id
WHERE s.src = :quoted_src AND s.dst = :quoted_dst
  AND s.dst_port IS COALESCE(:quoted_dst_port, s.dst_port)
  AND s.ip_proto IS COALESCE(:quoted_ip_proto, s.ip_proto)
  AND s.capture_id = :icmp_packet_id >> 32
  AND p.packet_id < :icmp_packet_id
  AND NOT EXISTS (
    SELECT 1
    FROM fact_packet AS back
    LEFT JOIN fact_dns_message AS r ON r.packet_id = back.packet_id
    WHERE back.stream_id = s.stream_id + 1 - 2 * (s.stream_id % 2)
      AND back.packet_id > p.packet_id AND back.packet_id < :icmp_packet_id
      AND (q.packet_id IS NULL OR (r.is_response = 1 AND r.txid = q.txid)))
ORDER BY p.packet_id DESC
LIMIT 4096;
