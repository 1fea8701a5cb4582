-- title:      Domains that one client asked for, late and seldom
-- severity:   info  most are harmless; in an incident it is where to look next
-- meaning:    Domains that exist, that one client alone asked for, few times, and never before the
--             last part of the case: what an intruder's first step looks like. A row is one domain.
-- parameter:  max_questions  integer  questions  3     domains with more are left out
-- parameter:  late_share     real     -          0.8   of the case's time that goes by before the
--                                                      first of them, 0 to 1
-- parameter:  min_span_s     integer  s          3600  a shorter case knows no habits
-- parameter:  min_clients    integer  clients    3     likewise one with fewer
-- needs:      SELECT 1 FROM dns_transactions
--             WHERE response_packet_id IS NOT NULL AND ts IS NOT NULL LIMIT 1
-- column:     parent     text     -          the domain: the last two labels
-- column:     client     text     -          who asked
-- column:     questions  integer  questions  for names in it
-- column:     names      integer  names      distinct ones
-- column:     name       text     -          the first of them, in the order of letters
-- column:     server     text     -          who was asked; of several the first, by address
-- column:     after_s    real     s          from the first question of the case to the domain's
-- column:     clock      integer  -          0 for UTC, else the capture whose clock it is
-- column:     first_ts   integer  ns         the first question
-- column:     last_ts    integer  ns         the last
-- evidence:   SELECT query_packet_id AS packet_id FROM dns_transactions
--             WHERE client = :client AND qname_parent = :parent AND clock = :clock
--             UNION ALL SELECT response_packet_id FROM dns_transactions
--             WHERE client = :client AND qname_parent = :parent AND clock = :clock
--             AND response_packet_id IS NOT NULL
-- reference:  MITRE ATT&CK T1071.004 (DNS)
-- reference:  MITRE ATT&CK T1583.001 (Domains)
-- benign:     Most such names are what people do: a page that nobody else opened.
-- limits:     Knows no age of domains, only what this case shows. Domains of a registry's three
--             labels count as one. Behind a forwarder or a cache neither clients nor counts are
--             right.

WITH
spans AS (  -- a clock, with the time from its first question to its last
  SELECT clock, MIN(ts) AS begin_ts, MAX(ts) AS end_ts
  FROM dns_transactions
  WHERE ts IS NOT NULL
  GROUP BY clock
  HAVING MAX(ts) - MIN(ts) >= :min_span_s * 1000000000
     AND COUNT(DISTINCT client) >= :min_clients
),
domains AS (  -- a domain that one client alone asked for, few times
  SELECT clock, qname_parent AS parent, MIN(client) AS client, COUNT(*) AS questions,
         COUNT(DISTINCT qname) AS names, MIN(qname) AS name, MIN(server) AS server,
         MIN(ts) AS first_ts, MAX(ts) AS last_ts
  FROM dns_transactions
  WHERE client IS NOT NULL
    AND ts IS NOT NULL
    AND clock IN (SELECT clock FROM spans)
    AND qname LIKE '_%._%'
    AND qname NOT LIKE '%in-addr.arpa'
    AND qname NOT LIKE '%ip6.arpa'
  GROUP BY clock, qname_parent
  HAVING COUNT(*) <= :max_questions
     AND MIN(client) = MAX(client)
     AND SUM(CASE WHEN rcode = 0 THEN 1 ELSE 0 END) > 0
)
SELECT d.parent, d.client, d.questions, d.names, d.name, d.server,
       (d.first_ts - s.begin_ts) / 1e9 AS after_s, d.clock, d.first_ts, d.last_ts
FROM domains AS d
JOIN spans AS s ON s.clock = d.clock
WHERE d.first_ts - s.begin_ts >= :late_share * (s.end_ts - s.begin_ts)
ORDER BY d.first_ts, d.parent, d.clock;
