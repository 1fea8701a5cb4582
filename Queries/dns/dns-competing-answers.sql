-- title:      One DNS question, several different answers
-- severity:   high  somebody on the way may lead the client elsewhere
-- meaning:    A question got more answers than it was asked times, and they differ: one of them was
--             forged, by somebody who sees the question or guesses it. A row is one question.
-- parameter:  window_ms  integer  ms  5000  how long after the question answers are compared
-- needs:      SELECT 1 FROM dns_transactions WHERE response_packet_id IS NOT NULL LIMIT 1
-- column:     client        text     -        who asked
-- column:     server        text     -        who was asked
-- column:     qname         text     -        the name asked for
-- column:     qtype         text     -        the type asked for
-- column:     txid          integer  -        identifier of the question
-- column:     attempts      integer  queries  sent for it
-- column:     answers       integer  answers  that came
-- column:     first_rcode   integer  -        response code of the first answer
-- column:     first_answer  text     -        its records
-- column:     first_ttl     integer  -        IP time to live that it arrived with: tells another way
-- column:     other_sender  text     -        who sent one that differs; of several the first, by
--                                             address, as in what follows
-- column:     other_rcode   integer  -        the least response code of those that differ
-- column:     other_answer  text     -        the records of one that differs
-- column:     other_ttl     integer  -        the least IP time to live of those that differ
-- column:     query_packet_id  integer  -     the first query
-- column:     other_packet_id  integer  -     the first answer that differs, by the packets' numbers
-- column:     last_packet_id   integer  -     the last that does
-- column:     first_ts      integer  ns       the first answer
-- column:     last_ts       integer  ns       the last that differs
-- evidence:   SELECT query_packet_id AS packet_id FROM dns_transactions
--             WHERE query_packet_id = :query_packet_id
--             UNION ALL SELECT response_packet_id FROM dns_transactions
--             WHERE query_packet_id = :query_packet_id
--             UNION ALL SELECT packet_id FROM dns_messages
--             WHERE packet_id = :other_packet_id OR packet_id = :last_packet_id
-- reference:  RFC 5452, 4 (forged answers) and 9 (what protects)
-- reference:  MITRE ATT&CK T1557 (Adversary-in-the-Middle)
-- benign:     A middlebox that answers for blocked names, and does not hold back the server's own
--             answer; a query that the capture lost, whose answer it kept.
-- limits:     Tells that answers compete, not which is right. A question that was sent again may get
--             as many answers as it was sent times, and they may differ in order and time to live:
--             only more are told. A forgery whose true answer was held back is not seen.

WITH
first_answers AS (  -- the first answer to a question
  SELECT DISTINCT response_packet_id, response_position
  FROM dns_transactions
  WHERE response_packet_id IS NOT NULL
),
surplus AS (  -- an answer that is not the first to a question; DISTINCT has these few found first
  SELECT DISTINCT m.packet_id, m.src, m.dst, m.dst_port, m.transport, m.txid, m.qname, m.qtype,
         m.clock, m.ts, m.rcode, COALESCE(m.answers, '') AS answers
  FROM dns_messages AS m
  LEFT JOIN first_answers AS f
    ON f.response_packet_id = m.packet_id AND f.response_position = m.position
  WHERE m.is_response = 1
    AND m.duplicate_of IS NULL
    AND f.response_packet_id IS NULL
),
questions AS (  -- a question of such an identifier that got an answer; likewise
  SELECT DISTINCT query_packet_id, response_packet_id, response_position, client, client_port, server, transport, txid,
         qname, qtype, clock, ts, attempts
  FROM dns_transactions
  WHERE response_packet_id IS NOT NULL
    AND txid IN (SELECT txid FROM surplus)
),
compared AS (  -- such an answer beside the first one, with a 1 when it says something else
  SELECT t.query_packet_id, t.client, t.server, t.qname, t.qtype, t.txid, t.attempts,
         t.response_packet_id, a.ts AS first_ts, a.rcode AS first_rcode,
         a.answers AS first_answer, s.packet_id, s.ts, s.src, s.rcode, s.answers,
         CASE WHEN s.rcode = a.rcode AND s.answers = COALESCE(a.answers, '')
              THEN 0 ELSE 1 END AS is_other
  FROM surplus AS s
  JOIN questions AS t
    ON t.client = s.dst AND t.client_port = s.dst_port AND t.transport = s.transport
    AND t.txid = s.txid AND t.qname = s.qname AND t.qtype = s.qtype AND t.clock = s.clock
  JOIN dns_messages AS a
    ON a.packet_id = t.response_packet_id AND a.position = t.response_position
  WHERE s.ts >= t.ts
    AND s.ts <= t.ts + :window_ms * 1000000
)
SELECT k.client, k.server, k.qname, k.qtype, k.txid, k.attempts, COUNT(*) + 1 AS answers,
       k.first_rcode, k.first_answer, f.ttl AS first_ttl,
       MIN(CASE WHEN k.is_other = 1 THEN k.src END) AS other_sender,
       MIN(CASE WHEN k.is_other = 1 THEN k.rcode END) AS other_rcode,
       MIN(CASE WHEN k.is_other = 1 THEN k.answers END) AS other_answer,
       MIN(CASE WHEN k.is_other = 1 THEN o.ttl END) AS other_ttl,
       k.query_packet_id, MIN(CASE WHEN k.is_other = 1 THEN k.packet_id END) AS other_packet_id,
       MAX(CASE WHEN k.is_other = 1 THEN k.packet_id END) AS last_packet_id, k.first_ts,
       MAX(CASE WHEN k.is_other = 1 THEN k.ts END) AS last_ts
FROM compared AS k
JOIN packets AS f ON f.packet_id = k.response_packet_id
JOIN packets AS o ON o.packet_id = k.packet_id
GROUP BY k.client, k.server, k.qname, k.qtype, k.txid, k.attempts, k.first_rcode, k.first_answer,
         f.ttl, k.query_packet_id, k.first_ts
HAVING COUNT(*) + 1 > k.attempts
   AND SUM(k.is_other) > 0
ORDER BY k.query_packet_id;
