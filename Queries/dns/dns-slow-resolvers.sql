-- title:      DNS servers that answer slowly
-- severity:   medium  every name that a user opens waits for its answer first
-- meaning:    Half of a server's answers, or the slowest twentieth of them, take longer than users
--             bear. A row is one server and transport.
-- parameter:  slow_median_ms  integer  ms       100   a median above it is slow
-- parameter:  slow_tail_ms    integer  ms       1000  a 95th percentile above it is slow
-- parameter:  min_answers     integer  answers  20    servers with fewer are left out
-- needs:      SELECT 1 FROM dns_transactions WHERE rtt_ns IS NOT NULL LIMIT 1
-- column:     server     text     -        who answers
-- column:     transport  text     -        tcp or udp
-- column:     answers    integer  answers  of the server
-- column:     p50_ms     real     ms       half of them take no longer
-- column:     p95_ms     real     ms       95 of 100 take no longer
-- column:     max_ms     real     ms       the slowest
-- column:     slow       integer  answers  that took longer than slow_median_ms
-- column:     retried    integer  answers  of these, to a question that was asked more than once
-- column:     clients    integer  clients  distinct addresses that waited so long
-- column:     clock      integer  -        0 for UTC, else the capture whose clock it is
-- column:     first_ts   integer  ns       the first question that had to wait so long
-- column:     last_ts    integer  ns       the last
-- evidence:   SELECT query_packet_id AS packet_id FROM dns_transactions
--             WHERE server = :server AND transport = :transport AND clock = :clock
--             AND rtt_ns > :slow_median_ms * 1000000
--             UNION ALL SELECT response_packet_id FROM dns_transactions
--             WHERE server = :server AND transport = :transport AND clock = :clock
--             AND rtt_ns > :slow_median_ms * 1000000
-- reference:  RFC 1034, 5.3.1 (stub resolvers)
-- reference:  RFC 8767, 4 (why a client should not wait long)
-- benign:     A resolver that asks far servers itself waits for them; a capture behind a cache
--             shows waits that no user felt.
-- limits:     The time is from the first attempt to the answer, as the place of the capture saw it:
--             a query that was lost and sent again counts as slow, and at the server itself the way
--             to it does not count. Questions without an answer are in dns-unanswered.

WITH
slow AS (  -- a server whose median or 95th percentile is slow: too few of its answers are not
  SELECT clock, server, transport, COUNT(*) AS answers
  FROM dns_transactions
  WHERE rtt_ns IS NOT NULL
  GROUP BY clock, server, transport
  HAVING COUNT(*) >= :min_answers
     AND (SUM(CASE WHEN rtt_ns > :slow_median_ms * 1000000 THEN 0 ELSE 1 END) * 2 < COUNT(*)
       OR SUM(CASE WHEN rtt_ns > :slow_tail_ms * 1000000 THEN 0 ELSE 1 END) * 100 < COUNT(*) * 95)
),
ranked AS (  -- an answer of one, with its place by the time it took
  SELECT t.server, t.transport, t.clock, t.client, t.ts, t.rtt_ns, t.attempts, s.answers,
         CASE WHEN t.rtt_ns > :slow_median_ms * 1000000 THEN 1 ELSE 0 END AS is_slow,
         ROW_NUMBER() OVER (PARTITION BY t.clock, t.server, t.transport
           ORDER BY t.rtt_ns, t.query_packet_id, t.query_position) AS place
  FROM slow AS s
  JOIN dns_transactions AS t
    ON t.clock = s.clock AND t.server = s.server AND t.transport = s.transport
  WHERE t.rtt_ns IS NOT NULL
),
servers AS (  -- a server, with the least time that so many of its answers take at the most
  SELECT clock, server, transport, COUNT(*) AS answers,
         MIN(CASE WHEN place * 2 >= answers THEN rtt_ns END) AS p50_ns,
         MIN(CASE WHEN place * 100 >= answers * 95 THEN rtt_ns END) AS p95_ns,
         MAX(rtt_ns) AS max_ns, SUM(is_slow) AS slow,
         SUM(CASE WHEN is_slow = 1 AND attempts > 1 THEN 1 ELSE 0 END) AS retried,
         COUNT(DISTINCT CASE WHEN is_slow = 1 THEN client END) AS clients,
         MIN(CASE WHEN is_slow = 1 THEN ts END) AS first_ts,
         MAX(CASE WHEN is_slow = 1 THEN ts END) AS last_ts
  FROM ranked
  GROUP BY clock, server, transport
)
SELECT server, transport, answers, p50_ns / 1e6 AS p50_ms, p95_ns / 1e6 AS p95_ms,
       max_ns / 1e6 AS max_ms, slow, retried, clients, clock, first_ts, last_ts
FROM servers
ORDER BY p95_ns DESC, server NULLS LAST, transport, clock;
