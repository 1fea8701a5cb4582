-- title:      TCP connections that nobody answered
-- severity:   high  clients wait in vain for a connection: users are affected
-- meaning:    A client asked for a connection, and nothing came back: the host is down, a firewall drops
--             what it is asked, or the answer goes another way. A row is one server and port.
-- parameter:  min_syns  integer  SYNs  3  rows with fewer are left out
-- parameter:  wait_s    integer  s     3  the captures must go on for that long after the last SYN
-- needs:      SELECT 1 FROM flows WHERE ip_proto = 6 LIMIT 1
-- column:     server       text     -            who was asked
-- column:     port         integer  -            its port
-- column:     connections  integer  connections  that got no answer
-- column:     syns         integer  SYNs         sent for them
-- column:     clients      integer  clients      distinct addresses that asked
-- column:     client       text     -            the first of them, by address
-- column:     unheard      integer  connections  of these, whose client the captures show no packet to:
--                                                its answers may go where nobody captured
-- column:     answered     integer  connections  to the same server and port that got an answer
-- column:     clock        integer  -            0 for UTC, else the capture whose clock it is
-- column:     first_ts     integer  ns           the first SYN
-- column:     last_ts      integer  ns           the last SYN
-- evidence:   SELECT p.packet_id FROM packets AS p
--             JOIN flows AS f ON f.flow_id = p.flow_id
--             WHERE p.dst = :server AND p.dst_port = :port AND p.ip_proto = 6
--             AND p.clock = :clock AND p.ts >= :first_ts AND p.ts <= :last_ts
--             AND p.duplicate_of IS NULL AND f.state = 'S0'
-- reference:  RFC 9293, 3.5 (establishing a connection)
-- reference:  RFC 6298, 2 (a SYN is sent again after 1 s, then after twice as long each time)
-- reference:  Zeek, conn.log, conn_state S0
-- benign:     A scanner asks where nothing is; an address that was given up is still in somebody's
--             settings. What a flood asks shows here as well: see tcp-half-open-flood.
-- limits:     What is sent to the server may have been dropped on either way; the side that captured
--             cannot tell which. An ICMP error is no answer here: see icmp-port-unreachable-burst.
--             Connections without a time are not counted.

WITH
ends AS (  -- what a capture covers
  SELECT CASE WHEN time_basis = 'utc' THEN 0 ELSE capture_id END AS clock, first_ts, last_ts
  FROM captures
  WHERE first_ts IS NOT NULL
),
silent AS (  -- a connection without an answer, though every capture of its time goes on
  SELECT f.flow_id, f.clock, f.client, f.server, f.server_port, f.packets_to_server AS attempts,
         f.first_ts AS since_ts, f.last_ts AS until_ts
  FROM flows AS f
  JOIN ends AS e
    ON e.clock = f.clock AND e.first_ts <= f.last_ts AND e.last_ts >= f.last_ts
  WHERE f.ip_proto = 6
    AND f.state = 'S0'
  GROUP BY f.flow_id, f.clock, f.client, f.server, f.server_port, f.packets_to_server,
           f.first_ts, f.last_ts
  HAVING MIN(e.last_ts) >= f.last_ts + :wait_s * 1000000000
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
  SELECT s.clock, s.server, s.server_port, COUNT(*) AS connections, SUM(s.attempts) AS syns,
         COUNT(DISTINCT s.client) AS clients, MIN(s.client) AS client,
         SUM(CASE WHEN h.address IS NULL THEN 1 ELSE 0 END) AS unheard,
         MIN(s.since_ts) AS first_ts, MAX(s.until_ts) AS last_ts
  FROM silent AS s
  LEFT JOIN heard AS h ON h.clock = s.clock AND h.address = s.client
  GROUP BY s.clock, s.server, s.server_port
  HAVING SUM(s.attempts) >= :min_syns
),
answers AS (  -- a server's port that did
  SELECT clock, server, server_port, COUNT(*) AS answered
  FROM flows
  WHERE ip_proto = 6
    AND packets_to_client > 0
  GROUP BY clock, server, server_port
)
SELECT c.server, c.server_port AS port, c.connections, c.syns, c.clients, c.client, c.unheard,
       COALESCE(a.answered, 0) AS answered, c.clock, c.first_ts, c.last_ts
FROM counted AS c
LEFT JOIN answers AS a
  ON a.clock = c.clock AND a.server = c.server AND a.server_port = c.server_port
ORDER BY c.syns DESC, c.first_ts, c.server, c.server_port, c.clock;
