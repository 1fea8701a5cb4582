-- title:      QUIC connections that nobody answered
-- severity:   medium  clients wait, and then go over to TCP where they can: slow to begin, but mostly not cut off
-- meaning:    A client sent the first packets of QUIC, and nothing came back: a firewall drops UDP to that port, or
--             the server does not speak QUIC there any more. A row is one server and port.
-- parameter:  min_initials  integer  packets  3  rows with fewer are left out
-- parameter:  wait_s        integer  s        3  the captures must go on for that long after the last of them
-- needs:      SELECT 1 FROM quic_packets LIMIT 1
-- column:     server       text     -            who was asked
-- column:     port         integer  -            its port
-- column:     server_name  text     -            the host that was asked for, the first by name; NULL where it is not known
-- column:     connections  integer  connections  that got no answer
-- column:     initials     integer  packets      Initial packets sent for them
-- column:     clients      integer  clients      distinct addresses that asked
-- column:     client       text     -            the first of them, by address
-- column:     unheard      integer  connections  of these, whose client the captures show no packet to:
--                                                its answers may go where nobody captured
-- column:     answered     integer  connections  of QUIC to the same server and port that got an answer
-- column:     over_tcp     integer  connections  of TCP to the same server and port that got an answer
-- column:     clock        integer  -            0 for UTC, else the capture whose clock it is
-- column:     first_ts     integer  ns           the first Initial
-- column:     last_ts      integer  ns           the last Initial
-- evidence:   SELECT q.packet_id FROM quic_packets AS q
--             JOIN flows AS f ON f.flow_id = q.flow_id
--             WHERE q.dst = :server AND q.dst_port = :port AND q.packet_type = 'initial' AND q.position = 0
--             AND q.clock = :clock AND q.ts >= :first_ts AND q.ts <= :last_ts
--             AND q.duplicate_of IS NULL AND f.packets_to_client = 0
-- reference:  RFC 9000, 17.2.2 (Initial packets)
-- reference:  RFC 9002, 6.2.2 (a client without an answer sends again after 1 s, then after twice as long each time)
-- reference:  RFC 9308, 2 (networks that block UDP; going over to TCP)
-- benign:     Many networks drop UDP to port 443 on purpose; browsers notice and use TCP: see over_tcp.
-- limits:     What is sent to the server may have been dropped on either way; the side that captured
--             cannot tell which. An ICMP error is no answer here: see icmp-port-unreachable-burst.
--             Connections without a time are not counted.

WITH
ends AS (  -- what a capture covers
  SELECT CASE WHEN time_basis = 'utc' THEN 0 ELSE capture_id END AS clock, first_ts, last_ts
  FROM captures
  WHERE first_ts IS NOT NULL
),
begun AS (  -- a flow's Initial packets, one for each datagram
  SELECT flow_id, COUNT(*) AS initials, MAX(server_name) AS server_name, MIN(ts) AS since_ts,
         MAX(ts) AS until_ts
  FROM quic_packets
  WHERE packet_type = 'initial'
    AND position = 0
    AND duplicate_of IS NULL
    AND ts IS NOT NULL
  GROUP BY flow_id
),
tries AS (  -- the same, with its ends
  SELECT b.flow_id, b.initials, b.server_name, b.since_ts, b.until_ts, f.clock, f.client, f.server,
         f.server_port, f.packets_to_client
  FROM begun AS b
  JOIN flows AS f ON f.flow_id = b.flow_id
),
silent AS (  -- a connection without an answer, though every capture of its time goes on
  SELECT t.flow_id, t.initials, t.server_name, t.since_ts, t.until_ts, t.clock, t.client, t.server,
         t.server_port
  FROM tries AS t
  JOIN ends AS e
    ON e.clock = t.clock AND e.first_ts <= t.until_ts AND e.last_ts >= t.until_ts
  WHERE t.packets_to_client = 0
  GROUP BY t.flow_id, t.initials, t.server_name, t.since_ts, t.until_ts, t.clock, t.client,
           t.server, t.server_port
  HAVING MIN(e.last_ts) >= t.until_ts + :wait_s * 1000000000
),
ways AS (  -- an address that something was sent to
  SELECT clock, client AS address
  FROM flows
  WHERE packets_to_client > 0
  UNION ALL
  SELECT clock, server
  FROM flows
  WHERE packets_to_server > 0
),
heard AS (  -- the same, once
  SELECT clock, address
  FROM ways
  GROUP BY clock, address
),
counted AS (  -- a server's port that did not answer
  SELECT s.clock, s.server, s.server_port, MIN(s.server_name) AS server_name,
         COUNT(*) AS connections, SUM(s.initials) AS initials,
         COUNT(DISTINCT s.client) AS clients, MIN(s.client) AS client,
         SUM(CASE WHEN h.address IS NULL THEN 1 ELSE 0 END) AS unheard,
         MIN(s.since_ts) AS first_ts, MAX(s.until_ts) AS last_ts
  FROM silent AS s
  LEFT JOIN heard AS h ON h.clock = s.clock AND h.address = s.client
  GROUP BY s.clock, s.server, s.server_port
  HAVING SUM(s.initials) >= :min_initials
),
answers AS (  -- a server's port that did
  SELECT clock, server, server_port, COUNT(*) AS answered
  FROM tries
  WHERE packets_to_client > 0
  GROUP BY clock, server, server_port
),
others AS (  -- a server's port that answered over TCP
  SELECT f.clock, f.server, f.server_port, COUNT(*) AS over_tcp
  FROM flows AS f
  WHERE f.ip_proto = 6
    AND f.packets_to_client > 0
  GROUP BY f.clock, f.server, f.server_port
)
SELECT c.server, c.server_port AS port, c.server_name, c.connections, c.initials, c.clients,
       c.client, c.unheard, COALESCE(a.answered, 0) AS answered,
       COALESCE(o.over_tcp, 0) AS over_tcp, c.clock, c.first_ts, c.last_ts
FROM counted AS c
LEFT JOIN answers AS a
  ON a.clock = c.clock AND a.server = c.server AND a.server_port = c.server_port
LEFT JOIN others AS o
  ON o.clock = c.clock AND o.server = c.server AND o.server_port = c.server_port
ORDER BY c.initials DESC, c.first_ts, c.server, c.server_port, c.clock;
