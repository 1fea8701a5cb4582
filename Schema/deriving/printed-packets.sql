-- The packets of the captures that hold ICMP errors which do not print what they quote whole, in
-- their order: what each sent, and for such an error what it prints. A router's "host … unreachable"
-- prints no port at all.
SELECT p.packet_id, p.ts, p.stream_id, s.src, s.dst, s.dst_port, s.ip_proto,
       q.txid, q.is_response,
       CASE WHEN i.quoted_key IS NULL THEN i.quoted_dst END AS quoted_dst,
       i.quoted_src, i.quoted_dst_port, i.quoted_ip_proto
FROM (
  SELECT DISTINCT packet_id >> 32 AS capture_id
  FROM fact_icmp_message
  WHERE quoted_key IS NULL AND quoted_dst IS NOT NULL) AS c
CROSS JOIN fact_packet AS p ON p.packet_id BETWEEN c.capture_id << 32 AND (c.capture_id + 1 << 32) - 1
JOIN fact_stream AS s ON s.stream_id = p.stream_id
LEFT JOIN fact_dns_message AS q ON q.packet_id = p.packet_id AND q.position = 0
LEFT JOIN fact_icmp_message AS i ON i.packet_id = p.packet_id
ORDER BY p.packet_id;
