-- Counts packets of touched streams that repeat another to the byte as seen before: what they repeat, or
-- its first sighting elsewhere.
INSERT INTO derived_duplicate (packet_id, first_packet_id)
SELECT r.packet_id, COALESCE(d.first_packet_id, r.first_packet_id)
FROM (SELECT 1 FROM fact_repetition LIMIT 1) AS any_at_all
CROSS JOIN touched_stream AS t
CROSS JOIN fact_packet AS p ON p.stream_id = t.stream_id
CROSS JOIN fact_repetition AS r ON r.packet_id = p.packet_id
LEFT JOIN derived_duplicate AS d ON d.packet_id = r.first_packet_id;
