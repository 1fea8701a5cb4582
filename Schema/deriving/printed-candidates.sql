-- The packets that such an error may quote, latest first.
SELECT p.packet_id, p.ts
FROM fact_stream AS s
CROSS JOIN fact_packet AS p ON p.stream_id = s.stream_id
WHERE s.src = :quoted_src AND s.dst = :quoted_dst
  AND s.dst_port IS :quoted_dst_port AND s.ip_proto IS :quoted_ip_proto
  AND s.capture_id = :icmp_packet_id >> 32
  AND p.packet_id < :icmp_packet_id
ORDER BY p.packet_id DESC
LIMIT 4096;
