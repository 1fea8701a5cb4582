-- The packets of the capture ?1 that were seen at several places, in the order of time.
--
-- The index tells which packets they are, and they are read in their order: stream by stream, reading
-- would jump through the whole file.
SELECT p.packet_id,
       p.ts + COALESCE((SELECT shift_ns FROM custody_alignment WHERE capture_id = ?1), 0) AS ts,
       p.stream_id, p.segment, p.message, p.datagram, p.content
FROM (
  SELECT k.packet_id
  FROM spread_stream AS s
  CROSS JOIN fact_packet AS k ON k.stream_id = s.stream_id
  WHERE s.capture_id = ?1
  ORDER BY k.packet_id
  LIMIT -1) AS t
CROSS JOIN sighted_packet AS p ON p.packet_id = t.packet_id
WHERE NOT EXISTS (SELECT 1 FROM fact_repetition AS r WHERE r.packet_id = p.packet_id)
ORDER BY p.ts, p.packet_id;
