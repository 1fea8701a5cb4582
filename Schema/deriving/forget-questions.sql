-- Takes out the DNS transactions of touched keys, which are matched anew.
DELETE FROM derived_dns_retry
WHERE query_packet_id IN (
  SELECT t.query_packet_id
  FROM derived_dns_transaction AS t
  JOIN fact_stream AS a ON a.stream_id = t.stream_id - t.stream_id % 2
  WHERE a.conversation_key IN (SELECT conversation_key FROM touched));

DELETE FROM derived_dns_transaction
WHERE stream_id IN (
  SELECT s.stream_id
  FROM touched AS t
  CROSS JOIN fact_stream AS a ON a.conversation_key = t.conversation_key
  CROSS JOIN fact_stream AS s ON s.stream_id IN (a.stream_id, a.stream_id + 1));
