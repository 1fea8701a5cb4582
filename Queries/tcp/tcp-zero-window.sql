-- title:      TCP receivers that stopped reading
-- severity:   medium  the sender has to wait for a program that does not read: users may notice
-- meaning:    A window of zero says: send no more, my buffer is full. The program behind it is too slow,
--             hangs, or waits for something else; the network is not to blame. A row is one receiver,
--             its peer and the server's port.
-- parameter:  min_ms  integer  ms  500  rows whose longest time is shorter are left out
-- needs:      SELECT 1 FROM captures WHERE tcp_analysed > 0 LIMIT 1
-- column:     receiver     text     -            who stopped reading
-- column:     peer         text     -            who has to wait
-- column:     role         text     -            client or server: what the receiver is
-- column:     port         integer  -            the server's port
-- column:     times        integer  times        the window was closed
-- column:     longest_ms   real     ms           that it stayed closed, to the next segment that opens it,
--                                                or else to the last that says it is closed
-- column:     total_ms     real     ms           likewise, all of them
-- column:     never        integer  times        of these, no later segment opens it
-- column:     connections  integer  connections  in which that happened
-- column:     clock        integer  -            0 for UTC, else the capture whose clock it is
-- column:     first_ts     integer  ns           it was closed first
-- column:     last_ts      integer  ns           the last segment that says so
-- evidence:   SELECT e.packet_id FROM tcp_events AS e
--             JOIN flows AS f ON f.flow_id = e.flow_id
--             WHERE e.event = 'zero_window' AND e.duplicate_of IS NULL
--             AND e.src = :receiver AND e.dst = :peer AND f.server_port = :port
--             AND e.clock = :clock AND e.ts >= :first_ts AND e.ts <= :last_ts
--             AND CASE WHEN e.src = f.server AND e.dst = f.client THEN 'server' ELSE 'client' END = :role
-- reference:  RFC 9293, 3.8.6 (managing the window)
-- reference:  Wireshark User's Guide, 7.5 TCP Analysis (tcp.analysis.zero_window)
-- benign:     A player, or a backup to a slow disk, takes what it can and lets the rest wait; nobody
--             notices as long as it is short.
-- limits:     A window too small to go on looks open here. A window that a segment opens which was not
--             captured stays closed until the next. A SYN, a FIN and a reset end the wait.

WITH
closed AS (  -- a segment that says so
  SELECT packet_id, stream_id, flow_id, src, dst, clock
  FROM tcp_events
  WHERE event = 'zero_window'
    AND duplicate_of IS NULL
    AND ts IS NOT NULL
),
streams AS (  -- a direction of a connection that has one
  SELECT stream_id, MIN(packet_id) AS first_id, MIN(flow_id) AS flow_id, MIN(src) AS src,
         MIN(dst) AS dst, MIN(clock) AS clock
  FROM closed
  GROUP BY stream_id
),
segments AS (  -- every segment of it from there on; closed or not
  SELECT s.stream_id, p.packet_id, p.ts, CASE WHEN c.packet_id IS NULL THEN 0 ELSE 1 END AS is_closed
  FROM streams AS s
  JOIN packets AS p ON p.stream_id = s.stream_id AND p.packet_id >= s.first_id
  LEFT JOIN closed AS c ON c.packet_id = p.packet_id
  WHERE p.ts IS NOT NULL
    AND p.duplicate_of IS NULL
),
marked AS (  -- with the number of those before it that opened the window
  SELECT *,
         SUM(1 - is_closed) OVER (PARTITION BY stream_id ORDER BY ts, packet_id
           ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS opened,
         LEAD(ts) OVER (PARTITION BY stream_id ORDER BY ts, packet_id) AS next_ts
  FROM segments
),
waits AS (  -- a time that the window stayed closed
  SELECT stream_id, opened, MIN(ts) AS since_ts, MAX(ts) AS said_ts, MAX(next_ts) AS until_ts,
         MAX(CASE WHEN next_ts IS NULL THEN 1 ELSE 0 END) AS is_open_ended
  FROM marked
  WHERE is_closed = 1
  GROUP BY stream_id, opened
),
measured AS (  -- with its length; MAX(next_ts) is that of its last segment
  SELECT w.*, CASE WHEN is_open_ended = 1 THEN said_ts - since_ts ELSE until_ts - since_ts END
           AS wait_ns
  FROM waits AS w
)
SELECT s.src AS receiver, s.dst AS peer,
       CASE WHEN s.src = f.server AND s.dst = f.client THEN 'server' ELSE 'client' END AS role,
       f.server_port AS port, COUNT(*) AS times, MAX(m.wait_ns) / 1e6 AS longest_ms,
       SUM(m.wait_ns) / 1e6 AS total_ms, SUM(m.is_open_ended) AS never,
       COUNT(DISTINCT s.flow_id) AS connections, s.clock, MIN(m.since_ts) AS first_ts,
       MAX(m.said_ts) AS last_ts
FROM measured AS m
JOIN streams AS s ON s.stream_id = m.stream_id
JOIN flows AS f ON f.flow_id = s.flow_id
GROUP BY s.clock, s.src, s.dst,
         CASE WHEN s.src = f.server AND s.dst = f.client THEN 'server' ELSE 'client' END,
         f.server_port
HAVING MAX(m.wait_ns) >= :min_ms * 1000000
ORDER BY longest_ms DESC, first_ts, receiver, peer, role, port, s.clock;
