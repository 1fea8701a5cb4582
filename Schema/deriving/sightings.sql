-- The packets of the capture ?1 that were seen at several places, in the order of time, with what
-- tells them apart.
--
-- Equal is what forwarding leaves unchanged: ends, protocol, IP identification and fragment, TCP
-- sequence number and flags, payload, and what a DNS or ICMP message says. Numbers that tell packets
-- apart only together stand in one column; what is missing gets a number that nothing has.
--
-- The index tells which packets they are, and they are read in their order: stream by stream, reading
-- would jump through the whole file.
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
FROM (
  SELECT k.packet_id
  FROM spread_stream AS s
  CROSS JOIN fact_packet AS k ON k.stream_id = s.stream_id
  WHERE s.capture_id = ?1
  ORDER BY k.packet_id
  LIMIT -1) AS t
CROSS JOIN fact_packet AS p ON p.packet_id = t.packet_id
LEFT JOIN fact_fragment AS f ON f.packet_id = p.packet_id
WHERE p.ts IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM fact_repetition AS r WHERE r.packet_id = p.packet_id)
ORDER BY p.ts, p.packet_id;
