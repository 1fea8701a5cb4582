-- All packets of the capture ?1, which stand in the order of time, with what tells them apart: the
-- columns of sightings.sql.
SELECT p.packet_id,
       p.ts + COALESCE((SELECT shift_ns FROM custody_alignment WHERE capture_id = ?1), 0) AS ts,
       p.stream_id, COALESCE(p.length, p.captured_length, 0),
       COALESCE(p.payload_length, 0),
       COALESCE(p.payload_length, -1) * 512 + COALESCE(p.tcp_flags, 256) AS segment,
       CASE p.protocol
       WHEN 13 THEN (
         SELECT q.txid * 2 + q.is_response FROM fact_dns_message AS q
         WHERE q.packet_id = p.packet_id)
       WHEN 9 THEN (
         SELECT 131072 + i.type * 256 + i.code FROM fact_icmp_message AS i
         WHERE i.packet_id = p.packet_id)
       WHEN 10 THEN (
         SELECT 131072 + i.type * 256 + i.code FROM fact_icmp_message AS i
         WHERE i.packet_id = p.packet_id)
       ELSE -1
       END AS message,
       COALESCE(p.ip_id, -1) * 65536 + COALESCE(f.offset, 0) AS datagram,
       COALESCE(p.content, 4294967296) AS content
FROM fact_packet AS p
LEFT JOIN fact_fragment AS f ON f.packet_id = p.packet_id
WHERE p.packet_id BETWEEN ?1 << 32 AND (?1 + 1 << 32) - 1
  AND p.ts IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM fact_repetition AS r WHERE r.packet_id = p.packet_id)
ORDER BY p.packet_id;
