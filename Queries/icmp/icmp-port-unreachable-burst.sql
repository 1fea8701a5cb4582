-- title:      Bursts of ICMP port unreachable
-- severity:   high  a service that clients keep asking for is not there
-- meaning:    Nothing listens on a port that clients keep asking for: the service is down, or they
--             ask the wrong host. A row is one burst about one server, protocol and port: errors
--             that follow each other within gap_s.
-- parameter:  min_errors  integer  errors   3    a burst has at least that many
-- parameter:  gap_s       integer  s        300  the longest time from one error to the next
-- needs:      SELECT 1 FROM icmp_messages
--             WHERE quoted_dst IS NOT NULL AND ts IS NOT NULL LIMIT 1
-- column:     server      text     -        the address that the quoted packets were sent to
-- column:     ip_proto    integer  -        IANA protocol number: 17 UDP, 6 TCP
-- column:     port        integer  -        the port that nobody listens on
-- column:     errors      integer  errors   in the burst
-- column:     per_minute  real     errors   a minute, from the first to the last; NULL for one time
-- column:     clients     integer  clients  distinct addresses that were told so
-- column:     senders     integer  hosts    distinct addresses that sent the errors
-- column:     sender      text     -        the first of them, by address
-- column:     names       integer  names    distinct DNS names in the quoted packets
-- column:     name        text     -        the first of them, in the order of letters
-- column:     clock       integer  -        0 for UTC, else the capture whose clock it is
-- column:     first_ts    integer  ns       the first error
-- column:     last_ts     integer  ns       the last error
-- evidence:   SELECT packet_id FROM icmp_messages
--             WHERE quoted_dst = :server AND quoted_dst_port = :port AND quoted_ip_proto = :ip_proto
--             AND ((version = 4 AND type = 3 AND code = 3) OR (version = 6 AND type = 1 AND code = 4))
--             AND clock = :clock AND ts >= :first_ts AND ts <= :last_ts
--             AND duplicate_of IS NULL
-- reference:  RFC 792, Destination Unreachable Message (type 3, code 3)
-- reference:  RFC 4443, 3.1 (type 1, code 4)
-- reference:  RFC 1122, 3.2.2.1 and 4.1.3.1 (when a host sends it)
-- benign:     A UDP scan, or traceroute at its destination, makes such errors on purpose; then the
--             ports differ, or each was asked once.
-- limits:     Hosts limit how many errors they send, and firewalls may drop them: fewer errors are
--             no proof of fewer failures. An error can be forged by whoever sees the query. Errors
--             without a time are not counted.

WITH
errors AS (  -- an error, with the time from the one before about the same server and port
  SELECT i.packet_id, i.quoted_dst AS server, i.quoted_ip_proto AS ip_proto,
         i.quoted_dst_port AS port, i.quoted_src AS client, i.src AS sender, i.ts,
         i.clock, i.quoted_qname AS qname
  FROM icmp_messages AS i
  WHERE ((i.version = 4 AND i.type = 3 AND i.code = 3)
      OR (i.version = 6 AND i.type = 1 AND i.code = 4))
    AND i.quoted_dst IS NOT NULL
    AND i.quoted_dst_port IS NOT NULL
    AND i.ts IS NOT NULL
    AND i.duplicate_of IS NULL
),
spaced AS (  -- an error that begins a burst has a 1
  SELECT *,
         CASE WHEN ts - LAG(ts) OVER w <= :gap_s * 1000000000 THEN 0 ELSE 1 END AS begins
  FROM errors
  WINDOW w AS (PARTITION BY clock, server, ip_proto, port ORDER BY ts, packet_id)
),
numbered AS (  -- an error, with the number of its burst
  SELECT *,
         SUM(begins) OVER (PARTITION BY clock, server, ip_proto, port ORDER BY ts, packet_id
           ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS burst
  FROM spaced
)
SELECT server, ip_proto, port, COUNT(*) AS errors,
       COUNT(*) * 60e9 / NULLIF(MAX(ts) - MIN(ts), 0) AS per_minute,
       COUNT(DISTINCT client) AS clients,
       COUNT(DISTINCT sender) AS senders, MIN(sender) AS sender,
       COUNT(DISTINCT qname) AS names, MIN(qname) AS name, clock,
       MIN(ts) AS first_ts, MAX(ts) AS last_ts
FROM numbered
GROUP BY clock, server, ip_proto, port, burst
HAVING COUNT(*) >= :min_errors
ORDER BY errors DESC, first_ts, server, ip_proto, port, clock;
