-- title:      The hosts that sent and received most
-- severity:   info  it tells whose traffic the captures hold, and is no fault
-- meaning:    Who filled the lines, by octets on the wire. A row is one host, in the order of what it
--             sent and received.
-- parameter:  top         integer  hosts   10       so many are told
-- parameter:  min_octets  integer  octets  1000000  hosts with fewer are left out
-- needs:      SELECT 1 FROM flows WHERE client IS NOT NULL LIMIT 1
-- column:     rank      integer  -        1 for the one with most octets
-- column:     host      text     -        its address
-- column:     octets    integer  octets   sent and received, link layer included
-- column:     share     real     -        of the octets of all flows of that clock
-- column:     sent      integer  octets   of these, sent
-- column:     received  integer  octets   of these, received
-- column:     packets   integer  packets  sent and received
-- column:     flows     integer  flows    that it takes part in
-- column:     peers     integer  hosts    distinct other ends of them
-- column:     peer      text     -        the one with most octets
-- column:     flow_id   integer  -        the first flow with that one
-- column:     clock     integer  -        0 for UTC, else the capture whose clock it is
-- column:     first_ts  integer  ns       the first packet of its flows
-- column:     last_ts   integer  ns       the last packet of its flows
-- evidence:   SELECT first_packet_id AS packet_id FROM flows WHERE flow_id = :flow_id
-- reference:  RFC 5103, 2 (flows of both directions)
-- reference:  MITRE ATT&CK T1048 (Exfiltration Over Alternative Protocol)
-- benign:     Somebody has to be first: backups, updates and file servers are.
-- limits:     Counts what was captured. A packet that was seen at several places counts once. The packet
--             that is cited is the first with the peer that is named.

WITH
pairs AS (  -- who talked to whom
  SELECT clock, client, server, MAX(is_group) AS is_group, SUM(bytes_to_server) AS to_server,
         SUM(bytes_to_client) AS to_client,
         SUM(packets_to_server + packets_to_client) AS packets, COUNT(*) AS flows,
         MIN(flow_id) AS flow_id, MIN(first_ts) AS first_ts, MAX(last_ts) AS last_ts
  FROM flows
  WHERE client IS NOT NULL
    AND server IS NOT NULL
  GROUP BY clock, client, server
),
ends AS (  -- the same, from either end; a group of hosts is none
  SELECT clock, client AS host, server AS peer, to_server AS sent, to_client AS received, packets,
         flows, flow_id, first_ts, last_ts
  FROM pairs
  UNION ALL
  SELECT clock, server, client, to_client, to_server, packets, flows, flow_id, first_ts, last_ts
  FROM pairs
  WHERE server <> client
    AND is_group = 0
),
hosts AS (  -- a host
  SELECT clock, host, SUM(sent) AS sent, SUM(received) AS received, SUM(packets) AS packets,
         SUM(flows) AS flows, COUNT(DISTINCT peer) AS peers,
         MIN(first_ts) AS first_ts, MAX(last_ts) AS last_ts
  FROM ends
  GROUP BY clock, host
),
totals AS (  -- the octets of a clock's flows
  SELECT clock, SUM(to_server + to_client) AS octets
  FROM pairs
  GROUP BY clock
),
ranked AS (  -- a host, with its rank
  SELECT *, ROW_NUMBER() OVER (ORDER BY sent + received DESC, host, clock) AS place
  FROM hosts
),
talkers AS (  -- one of the first
  SELECT *
  FROM ranked
  WHERE place <= :top
    AND sent + received >= :min_octets
),
peers AS (  -- whom one of them talked to, with the rank among those
  SELECT t.place, e.peer, e.flow_id,
         ROW_NUMBER() OVER (PARTITION BY t.place
           ORDER BY e.sent + e.received DESC, e.peer, e.flow_id) AS place_of_peer
  FROM talkers AS t
  JOIN ends AS e ON e.clock = t.clock AND e.host = t.host
)
SELECT t.place AS rank, t.host, t.sent + t.received AS octets,
       (t.sent + t.received) * 1e0 / NULLIF(a.octets, 0) AS share, t.sent, t.received, t.packets,
       t.flows, t.peers, w.peer, w.flow_id, t.clock, t.first_ts, t.last_ts
FROM talkers AS t
JOIN totals AS a ON a.clock = t.clock
JOIN peers AS w ON w.place = t.place AND w.place_of_peer = 1
ORDER BY t.place;
