-- title:      Many short SSH connections to one server
-- severity:   medium  perhaps somebody guesses passwords: the server's log tells
-- meaning:    One client opened connection after connection to a server's SSH, and each was over soon, as when
--             passwords are guessed. A row is one run of such connections that begin within gap_s of each
--             other.
-- parameter:  min_connections  integer  connections  15  shorter runs are left out
-- parameter:  short_s          integer  s            10  a connection that lasts at most that long is short
-- parameter:  gap_s            integer  s            60  the longest time from one beginning to the next
-- needs:      SELECT 1 FROM ssh_banners LIMIT 1
-- column:     client       text     -            who connected
-- column:     server       text     -            to whom
-- column:     server_port  integer  -            its port
-- column:     connections  integer  connections  short ones, in which both ends spoke SSH
-- column:     per_minute   real     connections  from the first to the last; NULL for one time
-- column:     longest_s    real     s            the longest of them
-- column:     software     text     -            what the client calls itself; the first in the order of letters
-- column:     clock        integer  -            0 for UTC, else the capture whose clock it is
-- column:     first_ts     integer  ns           the first connection
-- column:     last_ts      integer  ns           the beginning of the last
-- evidence:   SELECT b.packet_id FROM ssh_banners AS b
--             JOIN flows AS f ON f.flow_id = b.flow_id
--             WHERE b.src = :client AND b.dst = :server AND b.dst_port = :server_port
--             AND b.clock = :clock AND b.duplicate_of IS NULL
--             AND f.first_ts >= :first_ts AND f.first_ts <= :last_ts
--             AND f.last_ts - f.first_ts <= :short_s * 1000000000
-- reference:  RFC 4252, 4 (a server closes the connection after some failures)
-- reference:  MITRE ATT&CK T1110 (Brute Force)
-- benign:     Programs that manage hosts, copy files or watch services open many short connections too.
-- limits:     Whether anybody logged in is encrypted: this tells connections, no failures. Guesses in one
--             long connection, or slower than gap_s, are not told.

WITH
spoken AS (  -- a flow in which the client said what it is
  SELECT b.flow_id, MIN(b.software) AS software, f.clock, f.client, f.server, f.server_port,
         f.first_ts, f.last_ts
  FROM ssh_banners AS b
  JOIN flows AS f ON f.flow_id = b.flow_id
  WHERE b.duplicate_of IS NULL
    AND b.src = f.client
    AND b.dst = f.server
    AND b.dst_port = f.server_port
    AND f.packets_to_client > 0
    AND f.last_ts - f.first_ts <= :short_s * 1000000000
  GROUP BY b.flow_id, f.clock, f.client, f.server, f.server_port, f.first_ts, f.last_ts
),
spaced AS (  -- a connection that begins a run has a 1
  SELECT *,
         CASE WHEN first_ts - LAG(first_ts) OVER w <= :gap_s * 1000000000 THEN 0 ELSE 1 END AS begins
  FROM spoken
  WINDOW w AS (PARTITION BY clock, client, server, server_port ORDER BY first_ts, flow_id)
),
numbered AS (  -- a connection, with the number of its run
  SELECT *,
         SUM(begins) OVER (PARTITION BY clock, client, server, server_port
           ORDER BY first_ts, flow_id
           ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS run
  FROM spaced
)
SELECT client, server, server_port, COUNT(*) AS connections,
       (COUNT(*) - 1) * 6e10 / NULLIF(MAX(first_ts) - MIN(first_ts), 0) AS per_minute,
       MAX(last_ts - first_ts) / 1e9 AS longest_s, MIN(software) AS software, clock,
       MIN(first_ts) AS first_ts, MAX(first_ts) AS last_ts
FROM numbered
GROUP BY clock, client, server, server_port, run
HAVING COUNT(*) >= :min_connections
ORDER BY connections DESC, first_ts, client, server, server_port, clock;
