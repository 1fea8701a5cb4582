-- title:      Many names that do not exist
-- severity:   high  a program guesses names: malware looks for its master, or a server is attacked
-- meaning:    A client asks for name after name that does not exist: random names below one domain
--             load that domain's servers, random domains are how malware looks for the one that is
--             registered. A row is one client and windows in a row that are full of them.
-- parameter:  window_s   integer  s      60   length of a window
-- parameter:  min_names  integer  names  50   distinct names without existence that one has at least
-- parameter:  min_share  real     -      0.3  of the client's answers in it, 0 to 1
-- parameter:  known      text     -      in-addr.arpa,ip6.arpa,spamhaus.org  domains of two labels
--                                        that are left out; parted by commas, lower case
-- needs:      SELECT 1 FROM dns_transactions WHERE response_packet_id IS NOT NULL LIMIT 1
-- column:     client    text     -        who asks
-- column:     nxdomain  integer  answers  that there is no such name
-- column:     names     integer  names    distinct ones in the fullest window
-- column:     parents   integer  domains  distinct ones of two labels, in the window of the most: 1
--                                         where a domain is attacked, many where one is looked for
-- column:     parent    text     -        the first of them, in the order of letters
-- column:     name      text     -        the first name, in the order of letters
-- column:     share     real     -        nxdomain of answers in these windows, 0 to 1
-- column:     clock     integer  -        0 for UTC, else the capture whose clock it is
-- column:     first_ts  integer  ns       the first such question
-- column:     last_ts   integer  ns       the last
-- evidence:   SELECT response_packet_id AS packet_id FROM dns_transactions
--             WHERE client = :client AND clock = :clock AND rcode = 3
--             AND ts >= :first_ts AND ts <= :last_ts
--             AND replace(',' || replace(:known, ' ', '') || ',', ',' || qname_parent || ',', '')
--               = ',' || replace(:known, ' ', '') || ','
-- reference:  MITRE ATT&CK T1568.002 (Domain Generation Algorithms)
-- reference:  MITRE ATT&CK T1499.002 (Service Exhaustion Flood)
-- reference:  RFC 8020, 2 (NXDOMAIN), RFC 8198, 5 (how a resolver can answer such by itself)
-- benign:     Mail servers look senders up in block lists, where most names do not exist; log
--             analysers look addresses up backwards. Name their domains in known.
-- limits:     Windows begin at whole multiples of their length, so that a short flood may fall apart
--             over two. Behind a forwarder all clients are one.

WITH
missing AS (  -- an answer that there is no such name, with the window of its question
  SELECT clock, client, qname, qname_parent AS parent, ts,
         ts - ts % (:window_s * 1000000000) AS window_ts
  FROM dns_transactions
  WHERE rcode = 3
    AND client IS NOT NULL
    AND ts IS NOT NULL
    AND replace(',' || replace(:known, ' ', '') || ',', ',' || qname_parent || ',', '')
      = ',' || replace(:known, ' ', '') || ','
),
crowded AS (  -- a client and a window with enough of them
  SELECT clock, client, window_ts, COUNT(*) AS nxdomain, COUNT(DISTINCT qname) AS names,
         COUNT(DISTINCT parent) AS parents, MIN(parent) AS parent, MIN(qname) AS name,
         MIN(ts) AS first_ts, MAX(ts) AS last_ts
  FROM missing
  GROUP BY clock, client, window_ts
  HAVING COUNT(DISTINCT qname) >= :min_names
),
answered AS (  -- a window of such a client, with all the answers to what it asked then
  SELECT clock, client, ts - ts % (:window_s * 1000000000) AS window_ts, COUNT(*) AS answers
  FROM dns_transactions
  WHERE response_packet_id IS NOT NULL
    AND client IN (SELECT client FROM crowded)
  GROUP BY clock, client, ts - ts % (:window_s * 1000000000)
),
flooded AS (  -- one of which they are a large enough part of the answers
  SELECT w.*, a.answers
  FROM crowded AS w
  JOIN answered AS a ON a.clock = w.clock AND a.client = w.client AND a.window_ts = w.window_ts
  WHERE w.nxdomain >= :min_share * a.answers
),
spaced AS (  -- such a window; one that does not follow on another has a 1
  SELECT *,
         CASE WHEN window_ts - LAG(window_ts) OVER w = :window_s * 1000000000
              THEN 0 ELSE 1 END AS begins
  FROM flooded
  WINDOW w AS (PARTITION BY clock, client ORDER BY window_ts)
),
numbered AS (  -- such a window, with the number of its flood
  SELECT *,
         SUM(begins) OVER (PARTITION BY clock, client ORDER BY window_ts
           ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS flood
  FROM spaced
)
SELECT client, SUM(nxdomain) AS nxdomain, MAX(names) AS names, MAX(parents) AS parents,
       MIN(parent) AS parent, MIN(name) AS name, SUM(nxdomain) * 1e0 / SUM(answers) AS share,
       clock, MIN(first_ts) AS first_ts, MAX(last_ts) AS last_ts
FROM numbered
GROUP BY clock, client, flood
ORDER BY nxdomain DESC, first_ts, client, clock;
