-- title:      A DNS server that stopped answering
-- severity:   critical  nobody gets an answer from a server that others rely on
-- meaning:    Question after question to one server failed, whoever asked, and none was answered in
--             between: the server, or the way to it, was down. A row is one such outage.
-- parameter:  min_failures     integer  questions  3     an outage has at least that many
-- parameter:  min_duration_ms  integer  ms         1000  from the first failure to the recovery
-- needs:      SELECT 1 FROM dns_transactions
--             WHERE outcome <> 'unobserved' AND ts IS NOT NULL LIMIT 1
-- column:     server         text     -          who stopped answering
-- column:     server_port    integer  -          its port
-- column:     transport      text     -          udp or tcp
-- column:     failures       integer  questions  that failed in a row
-- column:     clients        integer  clients    distinct addresses that asked
-- column:     client         text     -          the first of them, by address
-- column:     by_server      integer  questions  refused by the server's own address
-- column:     by_others      integer  questions  refused by another address
-- column:     prohibited     integer  questions  refused as administratively prohibited
-- column:     silent         integer  questions  met by silence
-- column:     clock          integer  -          0 for UTC, else the capture whose clock it is
-- column:     last_answer_ts integer  ns         the last question answered before; NULL: none seen
-- column:     first_ts       integer  ns         onset: the first question that failed
-- column:     last_ts        integer  ns         the last question that failed
-- column:     recovery_ts    integer  ns         the first question answered after; NULL: none seen
-- evidence:   SELECT query_packet_id AS packet_id FROM dns_transactions
--             WHERE server = :server AND server_port = :server_port AND transport = :transport
--             AND clock = :clock AND ts >= :first_ts AND ts <= :last_ts
--             UNION ALL SELECT icmp_packet_id FROM dns_transactions
--             WHERE server = :server AND server_port = :server_port AND transport = :transport
--             AND clock = :clock AND ts >= :first_ts AND ts <= :last_ts
--             AND icmp_packet_id IS NOT NULL
--             UNION ALL SELECT response_packet_id FROM dns_transactions
--             WHERE server = :server AND server_port = :server_port AND transport = :transport
--             AND clock = :clock AND ts = :recovery_ts AND response_packet_id IS NOT NULL
-- reference:  RFC 1034, 5.3.1 (stub resolvers)
-- reference:  RFC 2308, 7.2 (dead or unreachable servers)
-- benign:     A server taken out of service on purpose, while clients have others.
-- limits:     Onset and recovery are those that questions show: the server may have stopped up to
--             the last answer before, and come back before the first question after. A question
--             whose fate the captures cannot show counts neither way, nor one without a time.

WITH
judged AS (  -- a question whose fate is known, with a 1 when it failed
  SELECT t.query_packet_id, t.query_position, t.server, t.server_port, t.transport, t.client, t.ts,
         t.clock,
         CASE WHEN t.outcome IN ('refused', 'timed-out') THEN 1 ELSE 0 END AS failed,
         t.icmp_packet_id
  FROM dns_transactions AS t
  WHERE t.outcome <> 'unobserved'
    AND t.ts IS NOT NULL
),
counted AS (  -- a question, with the answered ones up to it: equal for failures in a row
  SELECT *,
         SUM(1 - failed) OVER w AS answered,
         MAX(CASE WHEN failed = 0 THEN ts END) OVER w AS last_answer_ts
  FROM judged
  WINDOW w AS (PARTITION BY clock, server, server_port, transport
    ORDER BY ts, query_packet_id, query_position ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)
),
outages AS (  -- failures in a row
  SELECT clock, server, server_port, transport, answered,
         COUNT(*) AS failures, COUNT(DISTINCT client) AS clients, MIN(client) AS client,
         MIN(last_answer_ts) AS last_answer_ts, MIN(ts) AS first_ts, MAX(ts) AS last_ts
  FROM counted
  WHERE failed = 1
  GROUP BY clock, server, server_port, transport, answered
  HAVING COUNT(*) >= :min_failures
),
answers AS (  -- a question that was answered right behind as many as one of these has before it
  SELECT clock, server, server_port, transport, answered, ts
  FROM counted
  WHERE failed = 0
    AND answered IN (SELECT answered + 1 FROM outages)
),
recovered AS (  -- an outage, with the first question answered after it
  SELECT o.clock, o.server, o.server_port, o.transport, o.answered, o.failures, o.clients,
         o.client, o.last_answer_ts, o.first_ts, o.last_ts, MIN(a.ts) AS recovery_ts
  FROM outages AS o
  LEFT JOIN answers AS a
    ON a.clock = o.clock AND a.server = o.server AND a.server_port = o.server_port
    AND a.transport = o.transport AND a.answered = o.answered + 1
  GROUP BY o.clock, o.server, o.server_port, o.transport, o.answered, o.failures, o.clients,
           o.client, o.last_answer_ts, o.first_ts, o.last_ts
),
lasting AS (  -- an outage that lasted
  SELECT *
  FROM recovered
  WHERE COALESCE(recovery_ts, last_ts) - first_ts >= :min_duration_ms * 1000000
),
refusals AS (  -- how the questions of an outage were refused
  SELECT o.clock, o.server, o.server_port, o.transport, o.answered,
         SUM(CASE WHEN i.src = o.server THEN 1 ELSE 0 END) AS by_server,
         SUM(CASE WHEN i.src <> o.server THEN 1 ELSE 0 END) AS by_others,
         SUM(CASE WHEN i.version = 4 AND i.type = 3 AND i.code IN (9, 10, 13) THEN 1
                  WHEN i.version = 6 AND i.type = 1 AND i.code = 1 THEN 1
                  ELSE 0 END) AS prohibited,
         SUM(CASE WHEN f.icmp_packet_id IS NULL THEN 1 ELSE 0 END) AS silent
  FROM lasting AS o
  JOIN counted AS f
    ON f.clock = o.clock AND f.server = o.server AND f.server_port = o.server_port
    AND f.transport = o.transport AND f.failed = 1 AND f.answered = o.answered
  LEFT JOIN icmp_messages AS i ON i.packet_id = f.icmp_packet_id
  GROUP BY o.clock, o.server, o.server_port, o.transport, o.answered
)
SELECT o.server, o.server_port, o.transport, o.failures, o.clients, o.client,
       r.by_server, r.by_others, r.prohibited, r.silent,
       o.clock, o.last_answer_ts, o.first_ts, o.last_ts, o.recovery_ts
FROM lasting AS o
JOIN refusals AS r
  ON r.clock = o.clock AND r.server = o.server AND r.server_port = o.server_port
  AND r.transport = o.transport AND r.answered = o.answered
ORDER BY o.first_ts, o.server, o.server_port, o.transport, o.clock;
