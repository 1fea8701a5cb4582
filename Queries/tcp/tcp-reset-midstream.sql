-- title:      TCP connections that were reset while open
-- severity:   medium  what was under way broke off: users may notice
-- meaning:    A connection was open, nobody had begun to close it, and one end reset it: a program gave
--             up or crashed, or something between the two cut it. A row is one server and port, and
--             the end that reset.
-- parameter:  min_resets  integer  connections  3    rows with fewer are left out
-- parameter:  min_share   real     -            0.1  so are those with a smaller share of what was open
-- needs:      SELECT 1 FROM flows WHERE ip_proto = 6 LIMIT 1
-- column:     server     text     -            the server
-- column:     port       integer  -            its port
-- column:     reset_by   text     -            client or server, by the reset's source address
-- column:     resets     integer  connections  that were reset by that end
-- column:     share      real     -            of those to the server and port that were open
-- column:     clients    integer  clients      distinct addresses
-- column:     client     text     -            the first of them, by address
-- column:     other_ttl  integer  connections  whose reset has a time to live that no other packet of
--                                              its sender has there: it may be somebody else's
-- column:     clock      integer  -            0 for UTC, else the capture whose clock it is
-- column:     first_ts   integer  ns           the first reset
-- column:     last_ts    integer  ns           the last reset
-- evidence:   SELECT p.packet_id FROM packets AS p
--             JOIN flows AS f ON f.flow_id = p.flow_id
--             WHERE (:reset_by = 'server' AND p.src = :server AND p.src_port = :port
--               OR :reset_by = 'client' AND p.dst = :server AND p.dst_port = :port)
--             AND p.ip_proto = 6 AND p.tcp_flags % 8 >= 4 AND p.clock = :clock
--             AND p.ts >= :first_ts AND p.ts <= :last_ts AND p.duplicate_of IS NULL
--             AND f.state IN ('RSTO', 'RSTR')
-- reference:  RFC 9293, 3.5.3 (reset processing)
-- reference:  Zeek, conn.log, conn_state RSTO and RSTR
-- reference:  RFC 3360 (resets that middleboxes send)
-- benign:     Programs that are done close with a reset to save time; load balancers reset what was
--             idle for long. Then it happens after the answer, and to all alike.
-- limits:     Whether the end itself sent it or something between in its name cannot be told; another
--             time to live is a hint, the same is no proof. Connections without a time are not counted.

WITH
broken AS (  -- a connection that was open and has a reset
  SELECT flow_id, clock, server, server_port, client
  FROM flows
  WHERE ip_proto = 6
    AND state IN ('RSTO', 'RSTR')
),
segments AS (  -- a packet of one, with those of its sender beside it
  SELECT b.flow_id, p.packet_id, p.ts, p.ttl, p.tcp_flags % 2 AS is_fin,
         CASE WHEN p.tcp_flags % 8 >= 4 THEN 1 ELSE 0 END AS is_reset,
         CASE WHEN p.src = b.server AND p.src_port = b.server_port THEN 'server' ELSE 'client' END
           AS sender
  FROM broken AS b
  JOIN flow_streams AS s ON s.flow_id = b.flow_id
  JOIN packets AS p ON p.stream_id = s.stream_id
  WHERE p.duplicate_of IS NULL
    AND p.ts IS NOT NULL
    AND p.tcp_flags IS NOT NULL
),
closing AS (  -- a reset or a FIN, in its place among these
  SELECT *, ROW_NUMBER() OVER (PARTITION BY flow_id ORDER BY ts, packet_id) AS place
  FROM segments
  WHERE is_reset = 1
     OR is_fin = 1
),
usual AS (  -- the times to live of an end's other packets
  SELECT flow_id, sender, MIN(ttl) AS least, MAX(ttl) AS most
  FROM segments
  WHERE is_reset = 0
  GROUP BY flow_id, sender
),
resets AS (  -- the reset of a connection that nobody had begun to close
  SELECT c.flow_id, c.sender AS reset_by, c.ts,
         CASE WHEN c.ttl < u.least OR c.ttl > u.most THEN 1 ELSE 0 END AS is_other
  FROM closing AS c
  LEFT JOIN usual AS u ON u.flow_id = c.flow_id AND u.sender = c.sender
  WHERE c.place = 1
    AND c.is_reset = 1
),
opened AS (  -- how many connections to a server's port were open
  SELECT clock, server, server_port, COUNT(*) AS connections
  FROM flows
  WHERE ip_proto = 6
    AND state IN ('S1', 'SF', 'S2', 'S3', 'RSTO', 'RSTR')
  GROUP BY clock, server, server_port
)
SELECT b.server, b.server_port AS port, r.reset_by, COUNT(*) AS resets,
       COUNT(*) * 1e0 / MIN(o.connections) AS share, COUNT(DISTINCT b.client) AS clients,
       MIN(b.client) AS client, SUM(r.is_other) AS other_ttl, b.clock,
       MIN(r.ts) AS first_ts, MAX(r.ts) AS last_ts
FROM resets AS r
JOIN broken AS b ON b.flow_id = r.flow_id
JOIN opened AS o
  ON o.clock = b.clock AND o.server = b.server AND o.server_port = b.server_port
GROUP BY b.clock, b.server, b.server_port, r.reset_by
HAVING COUNT(*) >= :min_resets
   AND COUNT(*) * 1e0 / MIN(o.connections) >= :min_share
ORDER BY resets DESC, first_ts, b.server, b.server_port, r.reset_by, b.clock;
