-- title:      Packets whose time to live ran out
-- severity:   medium  what was sent there does not arrive
-- meaning:    A router threw packets away because they had passed too many others: they circle, or
--             were sent with too small a time to live. A row is one router and one destination.
-- parameter:  min_errors   integer  errors   10  rows with fewer are left out
-- parameter:  max_routers  integer  routers  2   where more say so about a destination, and each error
--                                                is about a probe, traceroute is at work: left out
-- needs:      SELECT 1 FROM icmp_messages
--             WHERE error = 'ttl exceeded' AND quoted_dst IS NOT NULL LIMIT 1
-- column:     router       text     -        who threw them away
-- column:     destination  text     -        where they were sent to
-- column:     version      integer  -        4 ICMP, 6 ICMPv6
-- column:     errors       integer  errors   from that router about that destination
-- column:     probes       integer  errors   of these, about what traceroute sends: ICMP, or UDP to
--                                            ports 33434 to 33534
-- column:     routers      integer  routers  distinct ones that say so about the destination
-- column:     clients      integer  clients  distinct addresses that were told so
-- column:     client       text     -        the first of them, by address
-- column:     clock        integer  -        0 for UTC, else the capture whose clock it is
-- column:     first_ts     integer  ns       the first error
-- column:     last_ts      integer  ns       the last error
-- evidence:   SELECT packet_id FROM icmp_messages
--             WHERE error = 'ttl exceeded' AND quoted_dst = :destination AND src = :router
--             AND version = :version AND clock = :clock AND duplicate_of IS NULL
-- reference:  RFC 792, Time Exceeded Message (type 11, code 0)
-- reference:  RFC 1812, 5.3.1 (what a router does when the time to live is spent)
-- reference:  RFC 4443, 3.3 (type 3, code 0)
-- benign:     traceroute over one or two routers, left running; over more it is left out.
-- limits:     Routers limit how many errors they send. One or two routers, and errors that are no
--             probes, tell of a loop; icmp-routing-loop shows one where the captures hold the
--             circling packets themselves. Pings that circle over three routers or more look like
--             traceroute.

WITH
errors AS (  -- an error, with a 1 when traceroute may have caused it
  SELECT src AS router, quoted_dst AS destination, version, quoted_src AS client, clock, ts,
         CASE WHEN quoted_ip_proto IN (1, 58) THEN 1
              WHEN quoted_ip_proto = 17 AND quoted_dst_port BETWEEN 33434 AND 33534 THEN 1
              ELSE 0 END AS is_probe
  FROM icmp_messages
  WHERE error = 'ttl exceeded'
    AND quoted_dst IS NOT NULL
    AND src IS NOT NULL
    AND duplicate_of IS NULL
),
destinations AS (  -- a destination, with how many routers complain
  SELECT clock, destination, COUNT(DISTINCT router) AS routers
  FROM errors
  GROUP BY clock, destination
),
told AS (  -- a router and a destination
  SELECT clock, router, destination, version, COUNT(*) AS errors, SUM(is_probe) AS probes,
         COUNT(DISTINCT client) AS clients, MIN(client) AS client,
         MIN(ts) AS first_ts, MAX(ts) AS last_ts
  FROM errors
  GROUP BY clock, router, destination, version
  HAVING COUNT(*) >= :min_errors
)
SELECT t.router, t.destination, t.version, t.errors, t.probes, d.routers, t.clients, t.client,
       t.clock, t.first_ts, t.last_ts
FROM told AS t
JOIN destinations AS d ON d.clock = t.clock AND d.destination = t.destination
WHERE t.probes < t.errors
   OR d.routers <= :max_routers
ORDER BY t.errors DESC, t.router, t.destination, t.version, t.clock;
