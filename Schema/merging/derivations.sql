-- Copies what was found of the only capture of the attached case `other` while it was read, where it
-- was decoded for this one a moment ago: numbers move as those of its facts.
INSERT INTO main.derived_flow
SELECT flow_id + :streams / 2, client_is_src, duration_ns, packets_to_server, packets_to_client,
       bytes_to_server, bytes_to_client, state
FROM other.derived_flow
ORDER BY flow_id;

INSERT INTO main.derived_dns_transaction
SELECT query_packet_id + :packets, query_position, response_packet_id + :packets,
       response_position, icmp_packet_id + :packets, stream_id + :streams, ts, attempts, rcode,
       rtt_ns, outcome
FROM other.derived_dns_transaction
ORDER BY query_packet_id, query_position;

INSERT INTO main.derived_dns_retry
SELECT packet_id + :packets, position, query_packet_id + :packets, query_position
FROM other.derived_dns_retry
ORDER BY packet_id, position;
