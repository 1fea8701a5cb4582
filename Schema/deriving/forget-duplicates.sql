-- Takes out the duplicates of touched keys, which are told anew.
DELETE FROM derived_duplicate
WHERE packet_id IN (
  SELECT p.packet_id
  FROM (SELECT 1 FROM derived_duplicate LIMIT 1) AS any_at_all
  CROSS JOIN touched AS t
  CROSS JOIN fact_stream AS a ON a.conversation_key = t.conversation_key
  CROSS JOIN fact_stream AS s ON s.stream_id IN (a.stream_id, a.stream_id + 1)
  CROSS JOIN fact_packet AS p ON p.stream_id = s.stream_id);
