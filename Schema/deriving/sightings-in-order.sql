-- All packets of the capture ?1, which stand in the order of time.
SELECT p.packet_id,
       p.ts + COALESCE((SELECT shift_ns FROM custody_alignment WHERE capture_id = ?1), 0) AS ts,
       p.stream_id, p.segment, p.message, p.datagram, p.content
FROM sighted_packet AS p
WHERE p.packet_id BETWEEN ?1 << 32 AND (?1 + 1 << 32) - 1
  AND NOT EXISTS (SELECT 1 FROM fact_repetition AS r WHERE r.packet_id = p.packet_id)
ORDER BY p.packet_id;
