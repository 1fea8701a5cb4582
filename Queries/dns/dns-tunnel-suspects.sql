-- title:      Long distinct names below one domain
-- severity:   high  data may leave, or commands come in, inside of DNS
-- meaning:    A client asks for many long names below one domain, each of them once or twice: that
--             is how tunnels write what they send. A row is one client and domain.
-- parameter:  min_names   integer  names       50  distinct long names that a row has at least
-- parameter:  min_length  integer  characters  40  below the domain, from which on a name is long
-- parameter:  known       text     -           in-addr.arpa,ip6.arpa  domains of two labels that are
--                                              left out; parted by commas, lower case
-- needs:      SELECT 1 FROM dns_transactions WHERE ts IS NOT NULL LIMIT 1
-- column:     client       text     -           who asks
-- column:     parent       text     -           the domain: the last two labels
-- column:     names        integer  names       distinct long ones below it
-- column:     questions    integer  questions   for them
-- column:     mean_length  real     characters  of the distinct long names
-- column:     longest      integer  characters  of the longest
-- column:     name         text     -           the first of them, in the order of letters
-- column:     txt_or_null  real     -           share of questions of type TXT or NULL, 0 to 1
-- column:     servers      integer  servers     distinct addresses asked
-- column:     server       text     -           the first of them, by address
-- column:     clock        integer  -           0 for UTC, else the capture whose clock it is
-- column:     first_ts     integer  ns          the first such question
-- column:     last_ts      integer  ns          the last
-- evidence:   SELECT query_packet_id AS packet_id FROM dns_transactions
--             WHERE client = :client AND qname_parent = :parent AND clock = :clock
--             AND length(qname) - length(qname_parent) > :min_length
--             AND ts >= :first_ts AND ts <= :last_ts
-- reference:  MITRE ATT&CK T1071.004 (DNS)
-- reference:  MITRE ATT&CK T1048 (Exfiltration Over Alternative Protocol)
-- reference:  RFC 1035, 2.3.4 (how long names may be)
-- benign:     Virus scanners and mail filters ask for digests of files below their maker's domain;
--             networks of content and of computing name their hosts at length. Name them in known.
-- limits:     A tunnel that spreads over many domains, or keeps its names short, is not seen; nor is
--             one below a registry's domain of three labels told from its neighbours. Behind a
--             forwarder all clients are one.

WITH
long_names AS (  -- a long name that a client asked for
  SELECT clock, client, qname_parent AS parent, qname, length(qname) AS name_length,
         COUNT(*) AS questions,
         SUM(CASE WHEN qtype IN ('TXT', 'NULL') THEN 1 ELSE 0 END) AS txt_or_null,
         MIN(ts) AS first_ts, MAX(ts) AS last_ts
  FROM dns_transactions
  WHERE length(qname) - length(qname_parent) > :min_length
    AND client IS NOT NULL
    AND ts IS NOT NULL
    AND replace(',' || replace(:known, ' ', '') || ',', ',' || qname_parent || ',', '')
      = ',' || replace(:known, ' ', '') || ','
  GROUP BY clock, client, qname_parent, qname, length(qname)
),
domains AS (  -- a client and a domain that it asked for enough of them
  SELECT clock, client, parent, COUNT(*) AS names, SUM(questions) AS questions,
         SUM(name_length) * 1e0 / COUNT(*) AS mean_length, MAX(name_length) AS longest,
         MIN(qname) AS name, SUM(txt_or_null) * 1e0 / SUM(questions) AS txt_or_null,
         MIN(first_ts) AS first_ts, MAX(last_ts) AS last_ts
  FROM long_names
  GROUP BY clock, client, parent
  HAVING COUNT(*) >= :min_names
),
asked AS (  -- whom it asked
  SELECT d.clock, d.client, d.parent, COUNT(DISTINCT t.server) AS servers, MIN(t.server) AS server
  FROM domains AS d
  JOIN dns_transactions AS t
    ON t.client = d.client AND t.qname_parent = d.parent AND t.clock = d.clock
  WHERE length(t.qname) - length(t.qname_parent) > :min_length
  GROUP BY d.clock, d.client, d.parent
)
SELECT d.client, d.parent, d.names, d.questions, d.mean_length, d.longest, d.name, d.txt_or_null,
       a.servers, a.server, d.clock, d.first_ts, d.last_ts
FROM domains AS d
JOIN asked AS a ON a.clock = d.clock AND a.client = d.client AND a.parent = d.parent
ORDER BY d.names DESC, d.client, d.parent, d.clock;
