-- title:      DNS servers that answer with errors
-- severity:   medium  users notice names that do not resolve; others do resolve
-- meaning:    A server answers, but says that it cannot or will not: names that do not exist, a
--             zone that is broken, clients it does not serve. A row is one server and one code.
-- parameter:  min_errors  integer  answers  5    rows with fewer are left out
-- parameter:  min_share   real     -        0.05  share of the server's answers, 0 to 1
-- needs:      SELECT 1 FROM dns_transactions WHERE response_packet_id IS NOT NULL LIMIT 1
-- column:     server      text     -        who answered
-- column:     rcode       integer  -        the response code: 2 SERVFAIL, 3 NXDOMAIN, 5 REFUSED
-- column:     errors      integer  answers  with that code
-- column:     answers     integer  answers  of the server, of any code
-- column:     share       real     -        errors of answers, 0 to 1
-- column:     clients     integer  clients  distinct addresses that got the error
-- column:     names       integer  names    distinct names asked for
-- column:     name        text     -        the first of them, in the order of letters
-- column:     clock       integer  -        0 for UTC, else the capture whose clock it is
-- column:     first_ts    integer  ns       the first question that was answered so
-- column:     last_ts     integer  ns       the last
-- evidence:   SELECT response_packet_id AS packet_id FROM dns_transactions
--             WHERE server = :server AND rcode = :rcode AND clock = :clock
--             AND response_packet_id IS NOT NULL
-- reference:  RFC 1035, 4.1.1 (RCODE)
-- reference:  RFC 8499, 3 (what the codes mean)
-- benign:     Names that do not exist are asked for every day: search lists, block lists, old
--             bookmarks.
-- limits:     Tells what the server said, not why. Answers without a question in the captures are
--             not counted.

WITH
answered AS (  -- a question that was answered
  SELECT server, client, qname, rcode, ts, clock
  FROM dns_transactions
  WHERE response_packet_id IS NOT NULL
),
totals AS (  -- a server, with its answers of any code
  SELECT clock, server, COUNT(*) AS answers
  FROM answered
  GROUP BY clock, server
),
errors AS (  -- a server and an error code
  SELECT clock, server, rcode, COUNT(*) AS errors, COUNT(DISTINCT client) AS clients,
         COUNT(DISTINCT qname) AS names, MIN(qname) AS name,
         MIN(ts) AS first_ts, MAX(ts) AS last_ts
  FROM answered
  WHERE rcode > 0
  GROUP BY clock, server, rcode
)
SELECT e.server, e.rcode, e.errors, t.answers, e.errors * 1e0 / t.answers AS share,
       e.clients, e.names, e.name, e.clock, e.first_ts, e.last_ts
FROM errors AS e
JOIN totals AS t ON t.clock = e.clock AND t.server = e.server
WHERE e.errors >= :min_errors
  AND e.errors * 1e0 / t.answers >= :min_share
ORDER BY e.errors DESC, e.server, e.rcode, e.clock;
