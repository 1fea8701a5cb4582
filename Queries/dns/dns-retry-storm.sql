-- title:      One DNS question asked again and again
-- severity:   low  it loads the server, and shows a client that does not get on
-- meaning:    A client asks one server for one name many times, each time within gap_ms of the last:
--             it gets no answer that it takes, or keeps none. A row is one such storm.
-- parameter:  min_queries  integer  queries  10    a storm has at least that many
-- parameter:  gap_ms       integer  ms       2000  the longest time from one query to the next
-- needs:      SELECT 1 FROM dns_transactions WHERE ts IS NOT NULL LIMIT 1
-- column:     client      text     -          who asks
-- column:     server      text     -          who is asked
-- column:     transport   text     -          tcp or udp
-- column:     qname       text     -          the name asked for
-- column:     qtype       text     -          the type asked for
-- column:     queries     integer  queries    in the storm
-- column:     questions   integer  questions  of these, that began anew and repeated no open one
-- column:     answered    integer  questions  of these, that got an answer
-- column:     per_minute  real     queries    a minute, from the first to the last; NULL for one time
-- column:     clock       integer  -          0 for UTC, else the capture whose clock it is
-- column:     first_ts    integer  ns         the first query
-- column:     last_ts     integer  ns         the last query
-- evidence:   SELECT packet_id FROM dns_messages
--             WHERE is_response = 0 AND src = :client AND dst = :server AND transport = :transport
--             AND qname = :qname AND qtype = :qtype AND clock = :clock
--             AND ts >= :first_ts AND ts <= :last_ts AND duplicate_of IS NULL
-- reference:  RFC 1035, 4.2.1 (how long before a query is sent again)
-- reference:  RFC 1536, 2 (retransmission of queries, and its errors)
-- reference:  RFC 4697, 2 (resolvers that ask too much)
-- benign:     A program that keeps no answers asks anew for each of its connections: a test of load,
--             a mail server that has much to send.
-- limits:     Queries that a client spreads over several servers count for each server by itself.
--             Queries without a time are not counted.

WITH
often AS (  -- who asked whom for a name often enough, however far apart
  SELECT clock, client, server, qname
  FROM dns_transactions
  WHERE client IS NOT NULL
    AND qtype IS NOT NULL
  GROUP BY clock, client, server, qname
  HAVING SUM(attempts) >= :min_queries
),
questions AS (  -- a question of these
  SELECT t.query_packet_id, t.query_position, t.client, t.server, t.transport, t.qname, t.qtype,
         t.clock, t.ts, t.response_packet_id
  FROM often AS o
  JOIN dns_transactions AS t
    ON t.clock = o.clock AND t.client = o.client AND t.server = o.server AND t.qname = o.qname
  WHERE t.qtype IS NOT NULL
),
asked AS (  -- a query, with a 1 when it began a question, and when that was answered
  SELECT query_packet_id AS packet_id, query_position AS position, client, server, transport, qname,
         qtype, clock, ts, 1 AS is_question,
         CASE WHEN response_packet_id IS NULL THEN 0 ELSE 1 END AS is_answered
  FROM questions
  WHERE ts IS NOT NULL
  UNION ALL
  SELECT r.packet_id, r.position, q.client, q.server, q.transport, q.qname, q.qtype, q.clock, m.ts,
         0, 0
  FROM questions AS q
  JOIN dns_retries AS r
    ON r.query_packet_id = q.query_packet_id AND r.query_position = q.query_position
  JOIN dns_messages AS m ON m.packet_id = r.packet_id AND m.position = r.position
  WHERE m.ts IS NOT NULL
),
spaced AS (  -- such a query; one that begins a storm has a 1
  SELECT *,
         CASE WHEN ts - LAG(ts) OVER w <= :gap_ms * 1000000 THEN 0 ELSE 1 END AS begins
  FROM asked
  WINDOW w AS (PARTITION BY clock, client, server, qname, qtype, transport
    ORDER BY ts, packet_id, position)
),
numbered AS (  -- such a query, with the number of its storm
  SELECT *,
         SUM(begins) OVER (PARTITION BY clock, client, server, qname, qtype, transport
           ORDER BY ts, packet_id, position
           ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS storm
  FROM spaced
)
SELECT client, server, transport, qname, qtype, COUNT(*) AS queries,
       SUM(is_question) AS questions, SUM(is_answered) AS answered,
       COUNT(*) * 60e9 / NULLIF(MAX(ts) - MIN(ts), 0) AS per_minute, clock,
       MIN(ts) AS first_ts, MAX(ts) AS last_ts
FROM numbered
GROUP BY clock, client, server, qname, qtype, transport, storm
HAVING COUNT(*) >= :min_queries
ORDER BY queries DESC, first_ts, client, server, qname, qtype, transport, clock;
