-- title:      A client that calls a server at regular intervals
-- severity:   low  malware calls home like this, and so does much that is harmless
-- meaning:    A client opened flow after flow to one server and port, with all but the same time in
--             between: a program does it, not a person. A row is one client, server, protocol and port.
-- parameter:  min_flows      integer  flows  12   a beacon opens at least that many
-- parameter:  min_mean_s     real     s      5    calls that follow each other faster, in the mean,
--                                                 are left out
-- parameter:  max_variation  real     -      0.2  of the intervals: their standard deviation by their
--                                                 mean
-- needs:      SELECT 1 FROM flows WHERE server IS NOT NULL AND first_ts IS NOT NULL LIMIT 1
-- column:     client             text     -      who calls
-- column:     server             text     -      whom it calls
-- column:     ip_proto           integer  -      IANA protocol number: 6 TCP, 17 UDP
-- column:     port               integer  -      the server's port
-- column:     service            text     -      by that port; NULL when it is not well known
-- column:     flows              integer  flows  that it opened
-- column:     mean_s             real     s      from the beginning of one to that of the next
-- column:     shortest_s         real     s      likewise, the shortest
-- column:     longest_s          real     s      likewise, the longest
-- column:     variation_squared  real     -      the square of the coefficient of variation
-- column:     answered           integer  flows  of these, with packets from the server
-- column:     octets             integer  octets both ways, on the wire
-- column:     clock              integer  -      0 for UTC, else the capture whose clock it is
-- column:     first_ts           integer  ns     the first call
-- column:     last_ts            integer  ns     the last call
-- evidence:   SELECT p.packet_id FROM packets AS p
--             JOIN flows AS f ON f.flow_id = p.flow_id
--             WHERE p.src = :client AND p.dst = :server AND p.ip_proto = :ip_proto
--             AND p.dst_port = :port AND p.packet_id = f.first_packet_id AND f.clock = :clock
-- reference:  MITRE ATT&CK T1071 (Application Layer Protocol)
-- reference:  MITRE ATT&CK T1571 (Non-Standard Port)
-- benign:     Monitoring, mail programs, updates and everything else that asks for news by a timer; see
--             whether the server is known. NTP is left out.
-- limits:     Calls within one flow are not seen, nor such with much jitter, nor a beacon among other
--             calls to the same server and port. A gap in the captures hides one.

WITH
opened AS (  -- a flow to a port, NTP left out
  SELECT clock, client, server, ip_proto, server_port, first_ts
  FROM flows
  WHERE ip_proto IN (6, 17)
    AND server_port IS NOT NULL
    AND NOT (ip_proto = 17 AND server_port = 123)
    AND first_ts IS NOT NULL
),
busy AS (  -- a client that opened many flows to a server's port
  SELECT clock, client, server, ip_proto, server_port
  FROM opened
  GROUP BY client, server, server_port, ip_proto, clock
  HAVING COUNT(*) >= :min_flows
     AND (MAX(first_ts) - MIN(first_ts)) / 1e9 >= :min_mean_s * (COUNT(*) - 1)
),
calls AS (  -- a flow of theirs, with the seconds since the one before
  SELECT f.clock, f.client, f.server, f.ip_proto, f.server_port, f.service, f.first_ts,
         f.packets_to_client, f.bytes_to_server + f.bytes_to_client AS octets,
         (f.first_ts - LAG(f.first_ts) OVER w) / 1e9 AS interval_s
  FROM busy AS b
  JOIN flows AS f
    ON f.clock = b.clock AND f.client = b.client AND f.server = b.server
    AND f.ip_proto = b.ip_proto AND f.server_port = b.server_port
  WHERE EXISTS (SELECT 1 FROM busy)  -- else flows are read once more in vain
    AND f.is_group = 0
    AND f.first_ts IS NOT NULL
  WINDOW w AS (PARTITION BY f.client, f.server, f.server_port, f.ip_proto, f.clock
    ORDER BY f.first_ts, f.flow_id)
),
called AS (  -- a client, server and port, with the sums that mean and variance are made of
  SELECT clock, client, server, ip_proto, server_port, MIN(service) AS service,
         COUNT(*) AS flows, COUNT(interval_s) AS intervals, SUM(interval_s) AS sum_s,
         SUM(interval_s * interval_s) AS sum_of_squares,
         MIN(interval_s) AS shortest_s, MAX(interval_s) AS longest_s,
         SUM(CASE WHEN packets_to_client > 0 THEN 1 ELSE 0 END) AS answered,
         SUM(octets) AS octets, MIN(first_ts) AS first_ts, MAX(first_ts) AS last_ts
  FROM calls
  GROUP BY client, server, server_port, ip_proto, clock
)
SELECT client, server, ip_proto, server_port AS port, service, flows,
       sum_s / intervals AS mean_s, shortest_s, longest_s,
       intervals * sum_of_squares / (sum_s * sum_s) - 1 AS variation_squared,
       answered, octets, clock, first_ts, last_ts
FROM called
WHERE sum_s > 0
  AND intervals * sum_of_squares / (sum_s * sum_s) - 1 <= :max_variation * :max_variation
ORDER BY flows DESC, client, server, ip_proto, server_port, clock;
