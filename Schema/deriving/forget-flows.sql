-- Takes out the flows of touched keys, which are put together anew.
DELETE FROM derived_flow
WHERE flow_id IN (
  SELECT s.stream_id >> 1
  FROM touched AS t
  JOIN fact_stream AS s ON s.conversation_key = t.conversation_key);

DELETE FROM derived_flow_member
WHERE conversation_id IN (
  SELECT s.stream_id >> 1
  FROM touched AS t
  JOIN fact_stream AS s ON s.conversation_key = t.conversation_key);
