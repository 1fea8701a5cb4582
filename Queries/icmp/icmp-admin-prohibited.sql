-- title:      Traffic that a firewall refused
-- severity:   medium  a policy stops what somebody tries: one of the two is wrong
-- meaning:    A firewall or router said that its policy forbids what a client sent: what the client
--             wanted does not work, or it tried what it must not. A row is one sender of such errors,
--             one server, protocol and port, and one code.
-- parameter:  min_errors  integer  errors  3  rows with fewer are left out
-- needs:      SELECT 1 FROM icmp_messages
--             WHERE error IS NOT NULL AND quoted_dst IS NOT NULL LIMIT 1
-- column:     sender    text     -        who refused it
-- column:     server    text     -        the address that the quoted packets were sent to
-- column:     ip_proto  integer  -        IANA protocol number: 17 UDP, 6 TCP
-- column:     port      integer  -        the port that they were sent to; NULL where there is none
-- column:     version   integer  -        4 ICMP, 6 ICMPv6
-- column:     code      integer  -        ICMP code
-- column:     error     text     -        type and code in words
-- column:     errors    integer  errors   of that code
-- column:     clients   integer  clients  distinct addresses that were told so
-- column:     client    text     -        the first of them, by address
-- column:     names     integer  names    distinct DNS names in the quoted packets
-- column:     name      text     -        the first of them, in the order of letters
-- column:     clock     integer  -        0 for UTC, else the capture whose clock it is
-- column:     first_ts  integer  ns       the first error
-- column:     last_ts   integer  ns       the last error
-- evidence:   SELECT packet_id FROM icmp_messages
--             WHERE error = 'prohibited' AND quoted_dst = :server AND src = :sender
--             AND quoted_ip_proto IS NOT DISTINCT FROM :ip_proto
--             AND quoted_dst_port IS NOT DISTINCT FROM :port
--             AND version = :version AND code = :code AND clock = :clock
--             AND duplicate_of IS NULL
-- reference:  RFC 1812, 5.2.7.1 (codes 9, 10 and 13)
-- reference:  RFC 4443, 3.1 (type 1, code 1; codes 5 and 6 are more informative subsets of it)
-- benign:     A guest network or a quarantine is meant to refuse; a scan from outside that the
--             firewall answers.
-- limits:     Most firewalls drop without a word, or answer TCP with a reset: no row is no proof that
--             nothing is refused. An error can be forged by whoever sees the packet. Where an answer
--             was refused, the server here is who asked.

WITH
errors AS (  -- an error
  SELECT src AS sender, quoted_dst AS server, quoted_ip_proto AS ip_proto,
         quoted_dst_port AS port, version, code, name AS error, quoted_src AS client,
         quoted_qname AS qname, clock, ts
  FROM icmp_messages
  WHERE error = 'prohibited'
    AND quoted_dst IS NOT NULL
    AND src IS NOT NULL
    AND duplicate_of IS NULL
)
SELECT sender, server, ip_proto, port, version, code, MIN(error) AS error, COUNT(*) AS errors,
       COUNT(DISTINCT client) AS clients, MIN(client) AS client,
       COUNT(DISTINCT qname) AS names, MIN(qname) AS name, clock,
       MIN(ts) AS first_ts, MAX(ts) AS last_ts
FROM errors
GROUP BY clock, sender, server, ip_proto, port, version, code
HAVING COUNT(*) >= :min_errors
ORDER BY errors DESC, sender, server, ip_proto NULLS LAST, port NULLS LAST, version, code, clock;
