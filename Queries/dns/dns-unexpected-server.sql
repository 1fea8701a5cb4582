-- title:      DNS questions to servers that are not expected
-- severity:   medium  such questions pass by the filters and logs of the own servers
-- meaning:    A client asks a resolver that others do not use, or that is not on the list: set by
--             hand, by a program that brings its own, or by somebody who handed out a wrong one. A
--             row is one such server.
-- parameter:  expected       text     -          auto  addresses of the servers that clients should
--                                                      ask, parted by commas; auto takes those that
--                                                      min_share of the clients ask
-- parameter:  min_share      real     -          0.25  of the clients, 0 to 1; for auto alone
-- parameter:  min_questions  integer  questions  1     servers with fewer are left out
-- needs:      SELECT 1 FROM dns_transactions WHERE rd = 1 LIMIT 1
-- column:     server      text     -          who is asked
-- column:     questions   integer  questions  to it
-- column:     answered    integer  questions  of these, answered
-- column:     clients     integer  clients    distinct addresses that ask it
-- column:     client      text     -          the first of them, by address
-- column:     of_clients  integer  clients    that ask any server
-- column:     names       integer  names      distinct names asked for
-- column:     name        text     -          the first of them, in the order of letters
-- column:     clock       integer  -          0 for UTC, else the capture whose clock it is
-- column:     first_ts    integer  ns         the first question
-- column:     last_ts     integer  ns         the last
-- evidence:   SELECT t.query_packet_id AS packet_id FROM dns_transactions AS t
--             WHERE t.server = :server AND t.clock = :clock AND t.rd = 1
--             AND t.client NOT IN (
--               SELECT s.server FROM dns_transactions AS s
--               WHERE s.response_packet_id IS NOT NULL AND s.server IS NOT NULL)
-- reference:  MITRE ATT&CK T1557.003 (DHCP Spoofing)
-- reference:  MITRE ATT&CK T1071.004 (DNS)
-- reference:  RFC 2132, 3.8 (the servers that DHCP hands out)
-- benign:     People and programs that prefer a public resolver; guests; tests of servers; a second
--             server that clients ask when the first is silent.
-- limits:     DNS inside of TLS or HTTPS is not seen. Hosts that answer questions themselves, and
--             questions that do not ask for recursion, are left out: resolvers ask everybody. In a
--             case of few clients, auto expects every server.

WITH
asked AS (  -- a question that a host which answers none asked of a resolver
  SELECT clock, client, server, qname, ts,
         CASE WHEN response_packet_id IS NULL THEN 0 ELSE 1 END AS is_answered
  FROM dns_transactions
  WHERE rd = 1
    AND client IS NOT NULL
    AND server IS NOT NULL
    AND server NOT LIKE '127.%'
    AND server <> '::1'
    AND COALESCE(server_port, 53) = 53
    AND client NOT IN (
      SELECT server
      FROM dns_transactions
      WHERE response_packet_id IS NOT NULL
        AND server IS NOT NULL)
),
servers AS (  -- a server, with what was asked of it
  SELECT clock, server, COUNT(*) AS questions, SUM(is_answered) AS answered,
         COUNT(DISTINCT client) AS clients, MIN(client) AS client,
         COUNT(DISTINCT qname) AS names, MIN(qname) AS name,
         MIN(ts) AS first_ts, MAX(ts) AS last_ts
  FROM asked
  GROUP BY clock, server
),
totals AS (  -- how many hosts ask at all
  SELECT clock, COUNT(DISTINCT client) AS of_clients
  FROM asked
  GROUP BY clock
)
SELECT s.server, s.questions, s.answered, s.clients, s.client, t.of_clients, s.names, s.name,
       s.clock, s.first_ts, s.last_ts
FROM servers AS s
JOIN totals AS t ON t.clock = s.clock
WHERE s.questions >= :min_questions
  AND ((:expected = 'auto' AND s.clients < :min_share * t.of_clients)
    OR (:expected <> 'auto'
      AND replace(',' || replace(:expected, ' ', '') || ',', ',' || s.server || ',', '')
        = ',' || replace(:expected, ' ', '') || ','))
ORDER BY s.questions DESC, s.server, s.clock;
