-- title:      The flows that lasted longest
-- severity:   info  it tells what stays connected, and is no fault
-- meaning:    Conversations that went on for very long: sessions, tunnels, streams, what was forgotten.
--             A row is one flow.
-- parameter:  min_duration_s  integer  s      3600  flows that lasted less are left out
-- parameter:  top             integer  flows  20    so many are told, the longest first
-- needs:      SELECT 1 FROM flows WHERE last_ts > first_ts LIMIT 1
-- column:     rank         integer  -        1 for the longest
-- column:     flow_id      integer  -        the flow
-- column:     ip_proto     integer  -        IANA protocol number
-- column:     client       text     -        who began it
-- column:     client_port  integer  -        its port
-- column:     server       text     -        the other end
-- column:     server_port  integer  -        its port
-- column:     service      text     -        by that port; NULL when it is not well known
-- column:     state        text     -        Zeek's conn_state
-- column:     duration_s   real     s        from the first packet to the last
-- column:     packets      integer  packets  both ways
-- column:     octets       integer  octets   both ways, on the wire
-- column:     clock        integer  -        0 for UTC, else the capture whose clock it is
-- column:     first_ts     integer  ns       the first packet
-- column:     last_ts      integer  ns       the last packet
-- evidence:   SELECT p.packet_id FROM packets AS p
--             JOIN (SELECT MIN(a.ts) AS first_ts, MAX(a.ts) AS last_ts FROM packets AS a
--               WHERE a.stream_id IN (
--                 SELECT stream_id FROM flow_streams WHERE flow_id = :flow_id)
--               AND a.duplicate_of IS NULL) AS ends ON p.ts IN (ends.first_ts, ends.last_ts)
--             WHERE p.stream_id IN (SELECT stream_id FROM flow_streams WHERE flow_id = :flow_id)
--             AND p.duplicate_of IS NULL
-- reference:  RFC 5103, 2 (flows of both directions)
-- reference:  MITRE ATT&CK T1572 (Protocol Tunneling)
-- benign:     Remote sessions, databases, mail that waits for news, and tunnels of one's own last for
--             days.
-- limits:     A flow is as long as the captures show it: what began before them or ended after them was
--             longer. Ends that meet again much later, in another capture too, may be one flow.
--             Multicast is left out.

WITH
lasting AS (  -- a flow that lasted, with its rank
  SELECT flow_id, ip_proto, client, client_port, server, server_port, service, state,
         packets_to_server + packets_to_client AS packets,
         bytes_to_server + bytes_to_client AS octets, clock, first_ts, last_ts,
         ROW_NUMBER() OVER (ORDER BY last_ts - first_ts DESC, flow_id) AS place
  FROM flows
  WHERE last_ts - first_ts >= :min_duration_s * 1000000000
    AND client IS NOT NULL
    AND is_group = 0
)
SELECT place AS rank, flow_id, ip_proto, client, client_port, server, server_port, service, state,
       (last_ts - first_ts) / 1e9 AS duration_s, packets, octets, clock, first_ts, last_ts
FROM lasting
WHERE place <= :top
ORDER BY place;
