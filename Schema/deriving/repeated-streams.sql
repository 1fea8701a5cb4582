-- What of touched streams was seen before, and when the first and the last packet were that was not.
-- Indexes alone tell how many were; of most streams that is all or none.
DELETE FROM repeated_stream;

INSERT INTO repeated_stream (stream_id, packets)
SELECT p.stream_id, count(*)
FROM (SELECT 1 FROM derived_duplicate LIMIT 1) AS any_at_all
CROSS JOIN touched_stream AS t
CROSS JOIN fact_packet AS p ON p.stream_id = t.stream_id
CROSS JOIN derived_duplicate AS d ON d.packet_id = p.packet_id
GROUP BY p.stream_id;

UPDATE repeated_stream AS r
SET (bytes, payload_bytes) = (s.bytes, s.payload_bytes)
FROM fact_stream AS s
WHERE s.stream_id = r.stream_id
  AND s.packets = r.packets;

UPDATE repeated_stream AS r
SET (bytes, payload_bytes, event_ts, last_event_ts) = (
  SELECT sum(CASE WHEN d.packet_id IS NOT NULL THEN COALESCE(p.length, p.captured_length, 0) END),
         sum(CASE WHEN d.packet_id IS NOT NULL THEN COALESCE(p.payload_length, 0) END),
         min(CASE WHEN d.packet_id IS NULL THEN p.ts END),
         max(CASE WHEN d.packet_id IS NULL THEN p.ts END)
  FROM fact_packet AS p
  LEFT JOIN derived_duplicate AS d ON d.packet_id = p.packet_id
  WHERE p.stream_id = r.stream_id)
WHERE bytes IS NULL;
