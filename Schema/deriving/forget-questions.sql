-- Takes out the DNS transactions of touched streams, which are matched anew.
DELETE FROM derived_dns_retry
WHERE query_packet_id IN (
  SELECT t.query_packet_id
  FROM derived_dns_transaction AS t
  WHERE t.stream_id IN (SELECT stream_id FROM touched_stream));

DELETE FROM derived_dns_transaction
WHERE stream_id IN (SELECT stream_id FROM touched_stream);
