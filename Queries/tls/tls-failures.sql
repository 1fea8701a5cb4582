-- title:      TLS handshakes that failed
-- severity:   high  clients cannot talk to the server: users are affected
-- meaning:    A client said hello, and one of both gave up: an alert tells why, or the connection was
--             reset, closed or left without an answer. A row is one server, port, name that was asked
--             for, and reason.
-- parameter:  min_failures  integer  handshakes  1   rows with fewer are left out
-- parameter:  wait_s        integer  s           10  "no answer" only where the captures go on for that
--                                                    long after the hello
-- needs:      SELECT 1 FROM tls_handshakes WHERE is_server = 0 LIMIT 1
-- column:     server       text     -            who was asked
-- column:     port         integer  -            its port
-- column:     server_name  text     -            the host that was asked for; NULL where none was named
-- column:     reason       text     -            the alert's name; or reset, closed, no answer
-- column:     told_by      text     -            who sent the alert or the reset: server or client
-- column:     failures     integer  handshakes   that failed so
-- column:     clients      integer  clients      distinct addresses that asked
-- column:     client       text     -            the first of them, by address
-- column:     succeeded    integer  handshakes   with the same server, port and name that the server
--                                                answered, without such an alert
-- column:     clock        integer  -            0 for UTC, else the capture whose clock it is
-- column:     first_ts     integer  ns           the first hello
-- column:     last_ts      integer  ns           the last hello
-- evidence:   SELECT packet_id FROM tls_handshakes
--             WHERE dst = :server AND dst_port = :port AND clock = :clock AND is_server = 0
--             AND server_name IS NOT DISTINCT FROM :server_name AND duplicate_of IS NULL
--             AND ts >= :first_ts AND ts <= :last_ts AND flow_id IN (
--               SELECT flow_id FROM tls_alerts
--               WHERE level = 'fatal' AND description = :reason AND clock = :clock)
--             UNION ALL SELECT packet_id FROM tls_alerts
--             WHERE level = 'fatal' AND description = :reason AND clock = :clock
--             AND duplicate_of IS NULL AND flow_id IN (
--               SELECT flow_id FROM tls_handshakes
--               WHERE dst = :server AND dst_port = :port AND clock = :clock AND is_server = 0
--               AND server_name IS NOT DISTINCT FROM :server_name
--               AND ts >= :first_ts AND ts <= :last_ts)
--             UNION ALL SELECT h.packet_id FROM tls_handshakes AS h
--             JOIN flows AS f ON f.flow_id = h.flow_id
--             WHERE h.dst = :server AND h.dst_port = :port AND h.clock = :clock AND h.is_server = 0
--             AND h.server_name IS NOT DISTINCT FROM :server_name AND h.duplicate_of IS NULL
--             AND h.ts >= :first_ts AND h.ts <= :last_ts
--             AND h.flow_id NOT IN (SELECT flow_id FROM tls_handshakes WHERE is_server = 1)
--             AND h.flow_id NOT IN (SELECT flow_id FROM tls_alerts WHERE level = 'fatal')
--             AND :reason = CASE WHEN f.state IN ('RSTR', 'RSTO') THEN 'reset'
--               WHEN f.state IN ('SF', 'S2', 'S3') THEN 'closed' ELSE 'no answer' END
--             UNION ALL SELECT p.packet_id FROM tls_handshakes AS h
--             JOIN flow_streams AS s ON s.flow_id = h.flow_id
--             JOIN packets AS p ON p.stream_id = s.stream_id AND p.clock = h.clock
--             WHERE h.dst = :server AND h.dst_port = :port AND h.clock = :clock AND h.is_server = 0
--             AND h.server_name IS NOT DISTINCT FROM :server_name AND p.duplicate_of IS NULL
--             AND h.ts >= :first_ts AND h.ts <= :last_ts
--             AND h.flow_id NOT IN (SELECT flow_id FROM tls_handshakes WHERE is_server = 1)
--             AND h.flow_id NOT IN (SELECT flow_id FROM tls_alerts WHERE level = 'fatal')
--             AND :reason = 'reset' AND p.tcp_flags % 8 >= 4
-- reference:  RFC 8446, 6 (alerts) and 4.1 (hellos)
-- reference:  RFC 5246, 7.2.2 (error alerts)
-- reference:  Zeek, ssl.log, last_alert and established
-- benign:     A scanner says hello to learn what a server offers, and leaves; so does a check whether a
--             service is up. Clients that pin a certificate refuse others by design.
-- limits:     Since TLS 1.3 what follows the server's hello is encrypted, and so are most alerts of
--             clients: that a client refuses the certificate is not seen. A reset may be forged on the
--             way. Handshakes whose server's octets were not all captured are not counted, nor are QUIC's.

WITH
ends AS (  -- what a capture covers
  SELECT CASE WHEN time_basis = 'utc' THEN 0 ELSE capture_id END AS clock, first_ts, last_ts
  FROM captures
  WHERE first_ts IS NOT NULL
),
asked AS (  -- a connection in which a client said hello
  SELECT clock, flow_id, MIN(src) AS asker, MIN(dst) AS server, MIN(dst_port) AS port,
         MIN(server_name) AS name, MIN(ts) AS since_ts
  FROM tls_handshakes
  WHERE is_server = 0
    AND transport = 'tcp'
    AND duplicate_of IS NULL
    AND ts IS NOT NULL
  GROUP BY clock, flow_id
),
answers AS (  -- a connection in which a server did
  SELECT clock, flow_id, COUNT(*) AS hellos
  FROM tls_handshakes
  WHERE is_server = 1
    AND duplicate_of IS NULL
  GROUP BY clock, flow_id
),
alerts AS (  -- fatal ones of a connection, from the first on
  SELECT clock, flow_id, description,
         CASE is_server WHEN 1 THEN 'server' WHEN 0 THEN 'client' END AS teller,
         ROW_NUMBER() OVER (PARTITION BY clock, flow_id ORDER BY ts, packet_id, position) AS place
  FROM tls_alerts
  WHERE level = 'fatal'
    AND duplicate_of IS NULL
),
losses AS (  -- a connection of which octets are missing, and whose
  SELECT clock, flow_id, src
  FROM tcp_events
  WHERE event = 'lost_segment'
  GROUP BY clock, flow_id, src
),
fates AS (  -- a hello's connection, and how long the captures that show it go on
  SELECT a.clock, a.flow_id, a.asker, a.server, a.port, a.name, a.since_ts,
         CASE WHEN t.description IS NOT NULL THEN t.description
              WHEN n.hellos > 0 THEN NULL
              WHEN f.state IN ('RSTR', 'RSTO') THEN 'reset'
              WHEN f.state IN ('SF', 'S2', 'S3') THEN 'closed'
              ELSE 'no answer' END AS why,
         CASE WHEN t.description IS NOT NULL THEN t.teller
              WHEN f.state = 'RSTR' THEN 'server'
              WHEN f.state = 'RSTO' THEN 'client' END AS teller,
         MIN(e.last_ts) AS end_ts
  FROM asked AS a
  JOIN flows AS f ON f.flow_id = a.flow_id
  JOIN ends AS e ON e.clock = a.clock AND e.first_ts <= a.since_ts AND e.last_ts >= a.since_ts
  LEFT JOIN answers AS n ON n.clock = a.clock AND n.flow_id = a.flow_id
  LEFT JOIN alerts AS t ON t.clock = a.clock AND t.flow_id = a.flow_id AND t.place = 1
  LEFT JOIN losses AS l ON l.clock = a.clock AND l.flow_id = a.flow_id AND l.src = a.server
  WHERE f.packets_to_client > 0
    AND (l.flow_id IS NULL OR t.description IS NOT NULL OR n.hellos > 0)
  GROUP BY a.clock, a.flow_id, a.asker, a.server, a.port, a.name, a.since_ts, t.description, t.teller,
           n.hellos, f.state
),
failures AS (  -- those that failed for a reason
  SELECT clock, server, port, name, why, teller, COUNT(*) AS times,
         COUNT(DISTINCT asker) AS clients, MIN(asker) AS client, MIN(since_ts) AS first_ts,
         MAX(since_ts) AS last_ts
  FROM fates
  WHERE why IS NOT NULL
    AND (why <> 'no answer' OR end_ts >= since_ts + :wait_s * 1000000000)
  GROUP BY clock, server, port, name, why, teller
  HAVING COUNT(*) >= :min_failures
),
successes AS (  -- what came of the others
  SELECT clock, server, port, name, COUNT(*) AS succeeded
  FROM fates
  WHERE why IS NULL
  GROUP BY clock, server, port, name
)
SELECT x.server, x.port, x.name AS server_name, x.why AS reason, x.teller AS told_by,
       x.times AS failures, x.clients, x.client, COALESCE(s.succeeded, 0) AS succeeded, x.clock,
       x.first_ts, x.last_ts
FROM failures AS x
LEFT JOIN successes AS s
  ON s.clock = x.clock AND s.server = x.server AND s.port = x.port
    AND s.name IS NOT DISTINCT FROM x.name
ORDER BY x.times DESC, x.first_ts, x.server, x.port, x.name NULLS LAST, x.why, x.teller NULLS LAST, x.clock;
