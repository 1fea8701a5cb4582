-- title:      TCP segments that are sent again
-- severity:   medium  transfers are slow: users may notice
-- meaning:    The network loses what one end sends, or the other end's acknowledgments: each loss costs
--             a round trip, or a time-out, in which nothing moves. A row is one client and server
--             port, and the direction.
-- parameter:  min_again  integer  segments  10    rows with fewer are left out
-- parameter:  min_share  real     -         0.02  so are those with a smaller share of all segments
-- needs:      SELECT 1 FROM captures WHERE tcp_analysed > 0 LIMIT 1
-- column:     client       text     -            the client
-- column:     server       text     -            the server
-- column:     port         integer  -            its port
-- column:     toward       text     -            client or server: where the segments were going
-- column:     again        integer  segments     sent again
-- column:     segments     integer  segments     sent that way in all
-- column:     share        real     -            the one of the other
-- column:     octets       integer  octets       of payload that were sent again
-- column:     connections  integer  connections  in which that happened
-- column:     clock        integer  -            0 for UTC, else the capture whose clock it is
-- column:     first_ts     integer  ns           the first of them
-- column:     last_ts      integer  ns           the last of them
-- evidence:   SELECT e.packet_id FROM tcp_events AS e
--             JOIN flows AS f ON f.flow_id = e.flow_id
--             WHERE e.event = 'retransmission' AND e.duplicate_of IS NULL
--             AND f.client = :client AND f.server = :server AND f.server_port = :port
--             AND f.state <> 'S0' AND e.clock = :clock AND e.ts >= :first_ts AND e.ts <= :last_ts
--             AND CASE WHEN e.src = :server AND e.src_port = :port THEN 'client' ELSE 'server' END
--               = :toward
-- reference:  Wireshark User's Guide, 7.5 TCP Analysis (tcp.analysis.retransmission)
-- reference:  RFC 6298 (retransmission time-out), RFC 5681, 3.2 (fast retransmit)
-- benign:     Wireless links lose some; one in a hundred hardly slows anybody down.
-- limits:     On which way it was lost, or whether only the acknowledgment was, cannot be told from one
--             place. What a capture missed the first time looks as if sent once. Connections that
--             nobody answered are not counted: see tcp-syn-unanswered.

WITH
again AS (  -- segments sent again, of a client and a server's port, one way
  SELECT f.clock, f.client, f.server, f.server_port,
         CASE WHEN e.src = f.server AND e.src_port = f.server_port THEN 'client' ELSE 'server' END
           AS toward,
         COUNT(*) AS again, SUM(e.payload_length) AS octets,
         COUNT(DISTINCT f.flow_id) AS connections, MIN(e.ts) AS first_ts, MAX(e.ts) AS last_ts
  FROM tcp_events AS e
  JOIN flows AS f ON f.flow_id = e.flow_id
  WHERE e.event = 'retransmission'
    AND e.duplicate_of IS NULL
    AND e.ts IS NOT NULL
    AND f.state <> 'S0'
  GROUP BY f.clock, f.client, f.server, f.server_port,
           CASE WHEN e.src = f.server AND e.src_port = f.server_port THEN 'client' ELSE 'server' END
  HAVING COUNT(*) >= :min_again
),
sent AS (  -- segments of such a pair, both ways
  SELECT clock, client, server, server_port, SUM(packets_to_server) AS to_server,
         SUM(packets_to_client) AS to_client
  FROM flows
  WHERE ip_proto = 6
    AND state <> 'S0'
  GROUP BY clock, client, server, server_port
),
shares AS (  -- both together
  SELECT a.*, CASE a.toward WHEN 'client' THEN s.to_client ELSE s.to_server END AS segments
  FROM again AS a
  JOIN sent AS s
    ON s.clock = a.clock AND s.client = a.client AND s.server = a.server
    AND s.server_port = a.server_port
)
SELECT client, server, server_port AS port, toward, again, segments,
       again * 1e0 / NULLIF(segments, 0) AS share, octets, connections, clock, first_ts, last_ts
FROM shares
WHERE again >= :min_share * segments
ORDER BY again DESC, first_ts, client, server, server_port, toward, clock;
