-- title:      Floods of half-open TCP connections
-- severity:   high  a server's queue of half-open connections may be full: users are affected
-- meaning:    Many connections to one port are begun and never completed, faster than clients do that: a
--             SYN flood, which fills the server's queue so that others find no room, or a server that
--             no longer answers under load. A row is one such time: half-open connections that follow
--             each other within gap_ms.
-- parameter:  min_half_open   integer  connections    100   a flood has at least that many
-- parameter:  min_per_second  real     connections/s  20    and as many in a second
-- parameter:  gap_ms          integer  ms             1000  the longest time from one to the next
-- needs:      SELECT 1 FROM flows WHERE ip_proto = 6 LIMIT 1
-- column:     server      text     -            who is flooded
-- column:     port        integer  -            its port
-- column:     half_open   integer  connections  begun and never completed
-- column:     answered    integer  connections  of these, the server answered with SYN ACK
-- column:     per_second  real     connections  a second, from the first to the last; NULL for one time
-- column:     sources     integer  hosts        distinct addresses that they came from
-- column:     source      text     -            the first of them, by address
-- column:     clock       integer  -            0 for UTC, else the capture whose clock it is
-- column:     first_ts    integer  ns           the first SYN
-- column:     last_ts     integer  ns           the last connection's SYN
-- evidence:   SELECT p.packet_id FROM packets AS p
--             JOIN flows AS f ON f.flow_id = p.flow_id
--             WHERE p.dst = :server AND p.dst_port = :port AND p.ip_proto = 6
--             AND (f.state = 'S0' OR f.state = 'S1' AND f.packets_to_server = 1)
--             AND p.clock = :clock AND p.ts >= :first_ts AND p.ts <= :last_ts
--             AND p.duplicate_of IS NULL
-- reference:  MITRE ATT&CK T1499.001 (OS Exhaustion Flood)
-- reference:  RFC 4987, 2 (the SYN flooding attack)
-- benign:     A fast scanner of one port over many sources, a test of load. A capture that shows one
--             direction alone makes every connection look half-open: see capture-quality.
-- limits:     Whether the sources are forged cannot be told: many, each with few SYNs, is the sign of it.
--             A connection counts as completed once the client sent a second packet, also when that is
--             a repeated SYN behind a SYN ACK. Connections without a time are not counted.

WITH
half_open AS (  -- a connection that was begun and never completed
  SELECT flow_id, clock, server, server_port, client, first_ts AS ts,
         CASE WHEN state = 'S1' THEN 1 ELSE 0 END AS is_answered
  FROM flows
  WHERE ip_proto = 6
    AND (state = 'S0' OR state = 'S1' AND packets_to_server = 1)
    AND first_ts IS NOT NULL
),
spaced AS (  -- one that begins a flood has a 1
  SELECT *,
         CASE WHEN ts - LAG(ts) OVER w <= :gap_ms * 1000000 THEN 0 ELSE 1 END AS begins
  FROM half_open
  WINDOW w AS (PARTITION BY clock, server, server_port ORDER BY ts, flow_id)
),
numbered AS (  -- with the number of its flood
  SELECT *,
         SUM(begins) OVER (PARTITION BY clock, server, server_port ORDER BY ts, flow_id
           ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS flood
  FROM spaced
)
SELECT server, server_port AS port, COUNT(*) AS half_open, SUM(is_answered) AS answered,
       COUNT(*) * 1e9 / NULLIF(MAX(ts) - MIN(ts), 0) AS per_second,
       COUNT(DISTINCT client) AS sources, MIN(client) AS source, clock, MIN(ts) AS first_ts,
       MAX(ts) AS last_ts
FROM numbered
GROUP BY clock, server, server_port, flood
HAVING COUNT(*) >= :min_half_open
   AND COUNT(*) * 1e9 >= :min_per_second * (MAX(ts) - MIN(ts))
ORDER BY half_open DESC, first_ts, server, server_port, clock;
