-- title:      Bursts of ICMP destination unreachable
-- severity:   medium  what clients want to reach has no way to it, or is off
-- meaning:    A router or host says again and again that it cannot deliver to a destination: a
--             route is missing, or the host is off. A row is one burst of one code about one
--             destination from one sender: errors that follow each other within gap_s.
-- parameter:  min_errors  integer  errors  3    a burst has at least that many
-- parameter:  gap_s       integer  s       300  the longest time from one error to the next
-- needs:      SELECT 1 FROM icmp_messages
--             WHERE error = 'unreachable' AND quoted_dst IS NOT NULL AND ts IS NOT NULL LIMIT 1
-- column:     destination  text     -        the address that the quoted packets were sent to
-- column:     sender       text     -        who says that it cannot be reached
-- column:     version      integer  -        4 ICMP, 6 ICMPv6
-- column:     type         integer  -        ICMP type
-- column:     code         integer  -        ICMP code
-- column:     error        text     -        the two in words
-- column:     errors       integer  errors   in the burst
-- column:     per_minute   real     errors   a minute, from the first to the last; NULL for one time
-- column:     clients      integer  clients  distinct addresses that were told so
-- column:     client       text     -        the first of them, by address
-- column:     clock        integer  -        0 for UTC, else the capture whose clock it is
-- column:     first_ts     integer  ns       the first error
-- column:     last_ts      integer  ns       the last error
-- evidence:   SELECT packet_id FROM icmp_messages
--             WHERE error = 'unreachable' AND quoted_dst = :destination AND src = :sender
--             AND version = :version AND type = :type AND code = :code
--             AND clock = :clock AND ts >= :first_ts AND ts <= :last_ts
--             AND duplicate_of IS NULL
-- reference:  RFC 792, Destination Unreachable Message (type 3)
-- reference:  RFC 1812, 5.2.7.1 (which code a router sends)
-- reference:  RFC 4443, 3.1 (type 1)
-- benign:     A host that is off at night; a scan of addresses that nobody has, where each is asked
--             for few times.
-- limits:     Routers limit how many errors they send, and firewalls may drop them: fewer errors are
--             no proof of fewer failures. Ports that are closed, what is prohibited and packets that
--             are too big are not counted here. An error without a time is not counted.

WITH
errors AS (  -- an error
  SELECT packet_id, quoted_dst AS destination, src AS sender, version, type, code, name,
         quoted_src AS client, ts, clock
  FROM icmp_messages
  WHERE error = 'unreachable'
    AND quoted_dst IS NOT NULL
    AND src IS NOT NULL
    AND ts IS NOT NULL
    AND duplicate_of IS NULL
),
spaced AS (  -- an error that begins a burst has a 1
  SELECT *,
         CASE WHEN ts - LAG(ts) OVER w <= :gap_s * 1000000000 THEN 0 ELSE 1 END AS begins
  FROM errors
  WINDOW w AS (PARTITION BY clock, destination, sender, version, type, code
    ORDER BY ts, packet_id)
),
numbered AS (  -- an error, with the number of its burst
  SELECT *,
         SUM(begins) OVER (PARTITION BY clock, destination, sender, version, type, code
           ORDER BY ts, packet_id
           ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS burst
  FROM spaced
)
SELECT destination, sender, version, type, code, MIN(name) AS error, COUNT(*) AS errors,
       COUNT(*) * 60e9 / NULLIF(MAX(ts) - MIN(ts), 0) AS per_minute,
       COUNT(DISTINCT client) AS clients, MIN(client) AS client, clock,
       MIN(ts) AS first_ts, MAX(ts) AS last_ts
FROM numbered
GROUP BY clock, destination, sender, version, type, code, burst
HAVING COUNT(*) >= :min_errors
ORDER BY errors DESC, first_ts, destination, sender, version, code, clock;
