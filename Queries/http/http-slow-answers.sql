-- title:      Web servers that let clients wait
-- severity:   medium  users see pages that load slowly
-- meaning:    A server's answers begin long after their requests. A row is one server and port.
-- parameter:  slow_ms   integer  ms       1000  an answer that takes at least that long is slow
-- parameter:  min_slow  integer  answers  3     servers with fewer slow answers are left out
-- needs:      SELECT 1 FROM http_messages WHERE response_ns IS NOT NULL LIMIT 1
-- column:     server       text     -        who answered
-- column:     server_port  integer  -        its port
-- column:     answers      integer  answers  of which the request is known
-- column:     slow         integer  answers  that took at least slow_ms
-- column:     share        real     -        slow of answers, 0 to 1
-- column:     p50_ms       real     ms       half of all answers took no longer
-- column:     max_ms       real     ms       the slowest
-- column:     host         text     -        asked for with the slowest; NULL when it named none
-- column:     uri          text     -        asked for with the slowest
-- column:     clients      integer  clients  distinct addresses that waited so long
-- column:     clock        integer  -        0 for UTC, else the capture whose clock it is
-- column:     first_ts     integer  ns       the first slow answer
-- column:     last_ts      integer  ns       the last
-- evidence:   SELECT request_packet_id AS packet_id FROM http_messages
--             WHERE src = :server AND src_port = :server_port AND clock = :clock
--             AND response_ns >= :slow_ms * 1000000 AND duplicate_of IS NULL
--             UNION ALL SELECT packet_id FROM http_messages
--             WHERE src = :server AND src_port = :server_port AND clock = :clock
--             AND response_ns >= :slow_ms * 1000000 AND duplicate_of IS NULL
-- reference:  RFC 9112, 9.3.2 (answers come in the order of requests: one waits for those before it)
-- benign:     Requests that wait for news on purpose, exports and uploads: the time counts from the
--             request's head, so a long body sent to the server counts too.
-- limits:     The time is that between the two packets at the place of the capture. Where octets were not
--             captured, some requests and answers are not brought together. Inside TLS nothing is seen.

WITH
slow AS (  -- a server that was slow often enough
  SELECT clock, src AS server, src_port AS server_port
  FROM http_messages
  WHERE response_ns >= :slow_ms * 1000000
    AND duplicate_of IS NULL
  GROUP BY clock, src, src_port
  HAVING COUNT(*) >= :min_slow
),
ranked AS (  -- an answer of one, with its place by the time it took, from either end
  SELECT s.clock, s.server, s.server_port, h.dst AS client, h.ts, h.response_ns, h.request_host,
         h.request_uri, CASE WHEN h.response_ns >= :slow_ms * 1000000 THEN 1 ELSE 0 END AS is_slow,
         ROW_NUMBER() OVER (PARTITION BY s.clock, s.server, s.server_port
           ORDER BY h.response_ns, h.packet_id, h.position) AS place,
         COUNT(*) OVER (PARTITION BY s.clock, s.server, s.server_port) AS answers
  FROM slow AS s
  JOIN http_messages AS h
    ON h.clock = s.clock AND h.src = s.server AND h.src_port = s.server_port
  WHERE h.response_ns IS NOT NULL
    AND h.duplicate_of IS NULL
)
SELECT server, server_port, answers, SUM(is_slow) AS slow, SUM(is_slow) * 1e0 / answers AS share,
       MIN(CASE WHEN place * 2 >= answers THEN response_ns END) / 1e6 AS p50_ms,
       MAX(response_ns) / 1e6 AS max_ms, MAX(CASE WHEN place = answers THEN request_host END) AS host,
       MAX(CASE WHEN place = answers THEN request_uri END) AS uri,
       COUNT(DISTINCT CASE WHEN is_slow = 1 THEN client END) AS clients, clock,
       MIN(CASE WHEN is_slow = 1 THEN ts END) AS first_ts,
       MAX(CASE WHEN is_slow = 1 THEN ts END) AS last_ts
FROM ranked
GROUP BY clock, server, server_port, answers
ORDER BY slow DESC, max_ms DESC, server, server_port, clock;
