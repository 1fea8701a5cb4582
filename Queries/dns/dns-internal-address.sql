-- title:      Outside names answered with inside addresses
-- severity:   medium  a web page may reach hosts behind the firewall by such a name
-- meaning:    A name of the public DNS leads to an address of a private network, of the link or of
--             the host itself: DNS rebinding, or a zone that tells too much. A row is one name, the
--             kind of address and who answered.
-- parameter:  inside  text  -  local,localdomain,localhost,lan,home,internal,intranet,corp,arpa
--                              names that are or end in one of these are left out; parted by
--                              commas, lower case, 998 characters at the most
-- needs:      SELECT 1 FROM dns_messages WHERE is_response = 1 AND answers IS NOT NULL LIMIT 1
-- column:     qname     text     -        the name asked for
-- column:     kind      text     -        private (RFC 1918), loopback, link-local or unique local
-- column:     server    text     -        who answered so
-- column:     answers   integer  answers  with such an address
-- column:     clients   integer  clients  distinct addresses that got them
-- column:     client    text     -        the first of them, by address
-- column:     records   text     -        of one such answer, the first in the order of letters
-- column:     others    integer  answers  to that name, by whomever, with other addresses alone: a
--                                         name that has both changes sides, as rebinding does
-- column:     clock     integer  -        0 for UTC, else the capture whose clock it is
-- column:     first_ts  integer  ns       the first such answer
-- column:     last_ts   integer  ns       the last
-- evidence:   SELECT packet_id FROM dns_messages
--             WHERE src = :server AND qname = :qname AND inside_address = :kind AND clock = :clock
--             AND is_response = 1 AND ts >= :first_ts AND ts <= :last_ts AND duplicate_of IS NULL
-- reference:  RFC 1918, 3 (private addresses)
-- reference:  RFC 4193, 3 (unique local addresses)
-- reference:  RFC 6890, 2.2 (loopback and link-local addresses)
-- reference:  MITRE ATT&CK T1189 (Drive-by Compromise)
-- benign:     An office whose own names lie below a public domain: name it in inside. Block lists
--             that answer with 127.0.0.1.
-- limits:     Left out are names of one label, and what a server with an inside address says with
--             authority: that is its own zone. Addresses in records but A and AAAA, IPv4 addresses
--             written as IPv6, and 0.0.0.0 are not seen.

WITH
digits AS (
  SELECT 0 AS digit UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4
  UNION ALL SELECT 5 UNION ALL SELECT 6 UNION ALL SELECT 7 UNION ALL SELECT 8 UNION ALL SELECT 9
),
listed AS (  -- a character's place in the list of suffixes, which has a comma at both ends
  SELECT ',' || replace(:inside, ' ', '') || ',' AS list,
         a.digit * 100 + b.digit * 10 + c.digit + 1 AS place
  FROM digits AS a
  CROSS JOIN digits AS b
  CROSS JOIN digits AS c
),
commas AS (  -- a comma in it, and the next
  SELECT list, place, LEAD(place) OVER (ORDER BY place) AS next_place
  FROM listed
  WHERE substr(list, place, 1) = ','
),
suffixes AS (  -- a suffix of names that are left out
  SELECT substr(list, place + 1, next_place - place - 1) AS suffix
  FROM commas
  WHERE next_place - place > 1
),
answered AS (  -- an answer with an inside address, but of a server's own zone
  SELECT qname, inside_address AS kind, src AS server, dst AS client, answers, clock, ts
  FROM dns_messages
  WHERE inside_address IS NOT NULL
    AND is_response = 1
    AND duplicate_of IS NULL
    AND ts IS NOT NULL
    AND qname LIKE '%.%'
    AND (COALESCE(aa, 0) = 0
      OR NOT (src LIKE '10.%' OR src LIKE '192.168.%' OR src LIKE '172.16.%' OR src LIKE '172.17.%'
        OR src LIKE '172.18.%' OR src LIKE '172.19.%' OR src LIKE '172.2_.%'
        OR src LIKE '172.30.%' OR src LIKE '172.31.%' OR src LIKE '127.%' OR src = '::1'
        OR src LIKE 'fe80:%' OR src LIKE 'fc__:%' OR src LIKE 'fd__:%'))
),
outside AS (  -- such an answer about a name that is not left out
  SELECT a.*
  FROM answered AS a
  LEFT JOIN suffixes AS s
    ON a.qname = s.suffix
    OR (length(a.qname) > length(s.suffix)
      AND substr(a.qname, length(a.qname) - length(s.suffix)) = '.' || s.suffix)
  WHERE s.suffix IS NULL
),
others AS (  -- a name among these, with its answers that hold other addresses alone
  SELECT clock, qname, COUNT(*) AS answers
  FROM dns_messages
  WHERE qname IN (SELECT qname FROM outside)
    AND is_response = 1
    AND duplicate_of IS NULL
    AND qtype IN ('A', 'AAAA')
    AND answers IS NOT NULL
    AND inside_address IS NULL
  GROUP BY clock, qname
)
SELECT a.qname, a.kind, a.server, COUNT(*) AS answers, COUNT(DISTINCT a.client) AS clients,
       MIN(a.client) AS client, MIN(a.answers) AS records, COALESCE(MIN(o.answers), 0) AS others,
       a.clock, MIN(a.ts) AS first_ts, MAX(a.ts) AS last_ts
FROM outside AS a
LEFT JOIN others AS o ON o.clock = a.clock AND o.qname = a.qname
GROUP BY a.clock, a.qname, a.kind, a.server
ORDER BY others DESC, a.qname, a.kind, a.server NULLS LAST, a.clock;
