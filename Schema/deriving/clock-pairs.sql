-- Packets of the capture :capture_id that another capture shows too: the other, and both times. Of
-- an event that a capture shows at two interfaces, the sighting that matching paired.
SELECT d.first_packet_id >> 32 AS other_capture_id, f.ts AS other_ts, p.ts,
       CASE WHEN s.src < s.dst THEN 1 ELSE 0 END AS is_from_lower
FROM derived_duplicate AS d
JOIN fact_packet AS p ON p.packet_id = d.packet_id
JOIN fact_packet AS f ON f.packet_id = d.first_packet_id
JOIN fact_stream AS s ON s.stream_id = p.stream_id
WHERE d.packet_id BETWEEN :capture_id << 32 AND (:capture_id + 1 << 32) - 1
  AND d.first_packet_id >> 32 <> :capture_id
LIMIT 20000;
