-- title:      Resolvers that answer over TCP alone
-- severity:   high  clients ask over UDP first, and wait for it: users are affected
-- meaning:    A server answers questions over TCP, and in the same time none over UDP: it does not listen
--             there, or a filter between drops or refuses the one and lets the other pass. A row is one
--             server.
-- parameter:  min_failed  integer  questions  3   over UDP; servers with fewer are left out
-- parameter:  window_s    integer  s          60  an answer over TCP counts from the first failure over UDP
--                                                 until so long after the last
-- needs:      SELECT 1 FROM dns_transactions WHERE transport = 'tcp' LIMIT 1
-- column:     server        text     -          who is asked
-- column:     failed        integer  questions  over UDP, refused or without an answer in 5 s
-- column:     refused       integer  questions  of these, refused by an ICMP error
-- column:     clients       integer  clients    distinct addresses that asked these
-- column:     client        text     -          the first of them, by address
-- column:     names         integer  names      distinct names in these
-- column:     name          text     -          the first of them, in the order of letters
-- column:     tcp_answered  integer  questions  over TCP, answered in the same time
-- column:     clock         integer  -          0 for UTC, else the capture whose clock it is
-- column:     first_ts      integer  ns         the first question over UDP that failed
-- column:     last_ts       integer  ns         the last
-- evidence:   SELECT query_packet_id AS packet_id FROM dns_transactions
--             WHERE server = :server AND clock = :clock AND transport = 'udp'
--             AND outcome IN ('refused', 'timed-out')
--             UNION ALL SELECT icmp_packet_id FROM dns_transactions
--             WHERE server = :server AND clock = :clock AND transport = 'udp'
--             AND outcome = 'refused' AND icmp_packet_id IS NOT NULL
--             UNION ALL SELECT response_packet_id FROM dns_transactions
--             WHERE server = :server AND clock = :clock AND transport = 'tcp'
--             AND response_packet_id IS NOT NULL
--             AND ts + rtt_ns >= :first_ts AND ts + rtt_ns <= :last_ts + :window_s * 1000000000
-- reference:  RFC 1035, 4.2 (both transports)
-- reference:  RFC 7766, 5 (what servers must do)
-- benign:     A server that is meant for transfers of zones alone.
-- limits:     A server that answered anything over UDP, however late, is left out, in another time or to
--             another client too. Questions whose fate the captures cannot show count neither way.

WITH
asked AS (  -- a question of a known time
  SELECT clock, server, transport, client, qname, ts, ts + rtt_ns AS answer_ts,
         CASE WHEN outcome IN ('refused', 'timed-out') THEN 1 ELSE 0 END AS is_failed,
         CASE WHEN outcome = 'refused' THEN 1 ELSE 0 END AS is_refused
  FROM dns_transactions
  WHERE server IS NOT NULL
    AND ts IS NOT NULL
),
silent AS (  -- a server that answered nothing over UDP
  SELECT clock, server, SUM(is_failed) AS failed, SUM(is_refused) AS refused,
         COUNT(DISTINCT CASE WHEN is_failed = 1 THEN client END) AS clients,
         MIN(CASE WHEN is_failed = 1 THEN client END) AS client,
         COUNT(DISTINCT CASE WHEN is_failed = 1 THEN qname END) AS names,
         MIN(CASE WHEN is_failed = 1 THEN qname END) AS name,
         MIN(CASE WHEN is_failed = 1 THEN ts END) AS first_ts,
         MAX(CASE WHEN is_failed = 1 THEN ts END) AS last_ts
  FROM asked
  WHERE transport = 'udp'
  GROUP BY clock, server
  HAVING SUM(is_failed) >= :min_failed
     AND COUNT(answer_ts) = 0
)
SELECT s.server, s.failed, s.refused, s.clients, s.client, s.names, s.name,
       COUNT(*) AS tcp_answered, s.clock, s.first_ts, s.last_ts
FROM silent AS s
JOIN asked AS t ON t.clock = s.clock AND t.server = s.server
WHERE t.transport = 'tcp'
  AND t.answer_ts >= s.first_ts
  AND t.answer_ts <= s.last_ts + :window_s * 1000000000
GROUP BY s.server, s.failed, s.refused, s.clients, s.client, s.names, s.name, s.clock, s.first_ts,
         s.last_ts
ORDER BY s.failed DESC, s.server, s.clock;
