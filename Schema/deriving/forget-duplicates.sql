-- Takes out the duplicates of touched streams, which are told anew.
DELETE FROM derived_duplicate
WHERE packet_id IN (
  SELECT p.packet_id
  FROM (SELECT 1 FROM derived_duplicate LIMIT 1) AS any_at_all
  CROSS JOIN touched_stream AS t
  CROSS JOIN fact_packet AS p ON p.stream_id = t.stream_id);
