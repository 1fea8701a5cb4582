-- title:      DNS questions without an answer
-- severity:   high  clients got nothing in time: users are affected
-- meaning:    Clients asked and got nothing in time: what they wanted to reach did not load.
--             A row is one client and one server that left its questions
--             open, by one clock: a log without dates is judged by itself.
-- parameter:  timeout_ms     integer  ms         5000  how long a client waits for an answer
-- parameter:  min_questions  integer  questions  1     rows with fewer are left out
-- needs:      SELECT 1 FROM dns_transactions LIMIT 1
-- column:     client       text     -          who asked
-- column:     server       text     -          who did not answer
-- column:     transport    text     -          tcp or udp
-- column:     unanswered   integer  questions  without an answer in time
-- column:     refused      integer  questions  of these, refused by an ICMP error
-- column:     timed_out    integer  questions  of these, met by silence
-- column:     late         integer  questions  of these, answered after timeout_ms
-- column:     attempts     integer  queries    sent for them, retries included
-- column:     names        integer  names      distinct names asked for
-- column:     name         text     -          the first of them, in the order of letters
-- column:     unobserved   integer  questions  not counted: the captures cannot show their fate
-- column:     clock        integer  -          0 for UTC, else the capture whose clock it is
-- column:     first_ts     integer  ns         the first of them
-- column:     last_ts      integer  ns         the last of them
-- evidence:   SELECT CASE n.part WHEN 1 THEN t.query_packet_id ELSE t.icmp_packet_id END
--               AS packet_id
--             FROM dns_transactions AS t
--             CROSS JOIN (SELECT 1 AS part UNION ALL SELECT 2) AS n
--             WHERE t.client = :client AND t.server = :server AND t.transport = :transport
--             AND t.clock = :clock AND t.outcome <> 'unobserved'
--             AND (t.response_packet_id IS NULL OR t.rtt_ns > :timeout_ms * 1000000)
--             AND (n.part = 1 OR t.icmp_packet_id IS NOT NULL)
-- reference:  RFC 1035, 4.2.1 (how long before a query is sent again)
-- reference:  RFC 1123, 6.1.3.3 (what a resolver does without an answer)
-- benign:     A client that asks several servers at once and takes the first answer leaves the
--             other questions open.
-- limits:     Tells that no answer was captured, not why; a question at the end of a capture, or in
--             one that shows a single direction, is not counted. A server that answers from another
--             address or port than it was asked at looks silent.

WITH
judged AS (  -- a question without an answer in time, with what became of it
  SELECT t.client, t.server, t.transport, t.qname, t.ts, t.attempts, t.outcome,
         t.clock,
         CASE WHEN t.outcome = 'unobserved' THEN 0 ELSE 1 END AS is_unanswered,
         CASE WHEN t.rtt_ns > :timeout_ms * 1000000 THEN 1 ELSE 0 END AS is_late
  FROM dns_transactions AS t
  WHERE t.response_packet_id IS NULL
     OR t.rtt_ns > :timeout_ms * 1000000
)
SELECT client, server, transport,
       SUM(is_unanswered) AS unanswered,
       SUM(CASE WHEN outcome = 'refused' THEN 1 ELSE 0 END) AS refused,
       SUM(CASE WHEN outcome = 'timed-out' THEN 1 ELSE 0 END) AS timed_out,
       SUM(is_late) AS late,
       SUM(CASE WHEN is_unanswered = 1 THEN attempts ELSE 0 END) AS attempts,
       COUNT(DISTINCT CASE WHEN is_unanswered = 1 THEN qname END) AS names,
       MIN(CASE WHEN is_unanswered = 1 THEN qname END) AS name,
       SUM(CASE WHEN outcome = 'unobserved' THEN 1 ELSE 0 END) AS unobserved,
       clock,
       MIN(CASE WHEN is_unanswered = 1 THEN ts END) AS first_ts,
       MAX(CASE WHEN is_unanswered = 1 THEN ts END) AS last_ts
FROM judged
GROUP BY clock, client, server, transport
HAVING SUM(is_unanswered) >= :min_questions
ORDER BY unanswered DESC, client NULLS LAST, server NULLS LAST, transport, clock;
