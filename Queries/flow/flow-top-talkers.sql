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
-- column:     flows     integer  flows    that it takes part in
-- column:     peers     integer  hosts    distinct other ends of them, groups apart
-- column:     peer      text     -        the one with most octets; NULL for groups of hosts
-- column:     flow_id   integer  -        the first flow with that one
-- column:     clock     integer  -        0 for UTC, else the capture whose clock it is
-- column:     first_ts  integer  ns       the first packet of that flow
-- evidence:   SELECT first_packet_id AS packet_id FROM flows WHERE flow_id = :flow_id
-- reference:  RFC 5103, 2 (flows of both directions)
-- reference:  MITRE ATT&CK T1048 (Exfiltration Over Alternative Protocol)
-- benign:     Somebody has to be first: backups, updates and file servers are.
-- limits:     Counts what was captured. A packet that was seen at several places counts once. The packet
--             that is cited is the first with the peer that is named.

WITH
traffic AS (  -- a flow; a group of hosts is nobody
  SELECT flow_id, clock, client, CASE WHEN is_group = 0 THEN server END AS server,
         bytes_to_server, bytes_to_client
  FROM flows
  WHERE client IS NOT NULL
    AND server IS NOT NULL
),
pairs AS (  -- who talked to whom
  SELECT clock, client, server, SUM(bytes_to_server) AS to_server,
         SUM(bytes_to_client) AS to_client, COUNT(*) AS flows, MIN(flow_id) AS flow_id
  FROM traffic
  GROUP BY client, server, clock
),
ends AS (  -- the same, from either end
  SELECT clock, client AS host, to_server AS sent, to_client AS received
  FROM pairs
  UNION ALL
  SELECT clock, server, to_client, to_server
  FROM pairs
  WHERE server <> client
),
hosts AS (  -- a host
  SELECT clock, host, SUM(sent) AS sent, SUM(received) AS received
  FROM ends
  GROUP BY host, clock
  HAVING SUM(sent + received) >= :min_octets
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
peers AS (  -- whom one of the first talked to
  SELECT t.place, CASE WHEN a.client = t.host THEN a.server ELSE a.client END AS peer,
         SUM(a.to_server + a.to_client) AS octets, SUM(a.flows) AS flows,
         MIN(a.flow_id) AS flow_id
  FROM ranked AS t
  JOIN pairs AS a ON a.clock = t.clock AND (a.client = t.host OR a.server = t.host)
  WHERE t.place <= :top
  GROUP BY t.place, CASE WHEN a.client = t.host THEN a.server ELSE a.client END
),
compared AS (  -- the same, with the rank among the host's
  SELECT *, ROW_NUMBER() OVER (PARTITION BY place ORDER BY octets DESC, peer NULLS LAST)
           AS place_of_peer
  FROM peers
),
summed AS (  -- all of a host's, and the one with most octets
  SELECT place, SUM(flows) AS flows, COUNT(peer) AS peers,
         MIN(CASE WHEN place_of_peer = 1 THEN peer END) AS peer,
         MIN(CASE WHEN place_of_peer = 1 THEN flow_id END) AS flow_id
  FROM compared
  GROUP BY place
)
SELECT t.place AS rank, t.host, t.sent + t.received AS octets,
       (t.sent + t.received) * 1e0 / NULLIF(a.octets, 0) AS share, t.sent, t.received,
       s.flows, s.peers, s.peer, s.flow_id, t.clock, f.first_ts
FROM summed AS s
JOIN ranked AS t ON t.place = s.place
JOIN totals AS a ON a.clock = t.clock
JOIN flows AS f ON f.flow_id = s.flow_id
ORDER BY t.place;
