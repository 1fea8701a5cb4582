-- The packets of the capture ?1, which stand in the order of time, from number ?2 on. None repeats another.
SELECT p.packet_id,
       p.ts + COALESCE((SELECT shift_ns FROM custody_alignment WHERE capture_id = ?1), 0) AS ts,
       p.stream_id, p.segment, p.message, p.datagram, p.content
FROM sighted_packet AS p
WHERE p.packet_id BETWEEN (?1 << 32) + ?2 AND (?1 + 1 << 32) - 1
ORDER BY p.packet_id;
