-- title:      Hosts that were told to use another gateway
-- severity:   medium  whoever sends a redirect can draw a host's traffic to itself
-- meaning:    A redirect told a host to send its packets by way of another gateway: two routers
--             share a network, a host has the wrong one, or somebody listens in. A row is who told
--             whom to use which gateway.
-- parameter:  min_redirects  integer  messages  1  rows with fewer are left out
-- needs:      SELECT 1 FROM icmp_messages LIMIT 1
-- column:     sender        text     -             who sent the redirects
-- column:     client        text     -             who was told
-- column:     gateway       text     -             what it is to use; for ICMPv6 also the
--                                                  destination itself, when that is on the link
-- column:     version       integer  -             4 ICMP, 6 ICMPv6
-- column:     redirects     integer  messages      with that gateway
-- column:     destinations  integer  destinations  distinct ones that they are about; ICMP alone
--                                                  shows them
-- column:     destination   text     -             the first of them, by address
-- column:     clock         integer  -             0 for UTC, else the capture whose clock it is
-- column:     first_ts      integer  ns            the first redirect
-- column:     last_ts       integer  ns            the last redirect
-- evidence:   SELECT packet_id FROM icmp_messages
--             WHERE ((version = 4 AND type = 5) OR (version = 6 AND type = 137))
--             AND src = :sender AND dst = :client AND gateway IS NOT DISTINCT FROM :gateway
--             AND version = :version AND clock = :clock AND duplicate_of IS NULL
-- reference:  RFC 792, Redirect Message (type 5)
-- reference:  RFC 4861, 4.5 and 8 (type 137)
-- reference:  RFC 1122, 3.2.2.2 (what a host does with it)
-- reference:  MITRE ATT&CK T1557 (Adversary-in-the-Middle)
-- benign:     A router that sees a packet leave by the interface it came in by sends redirects by
--             design, where a network has two routers; see whether sender and gateway are known
--             routers.
-- limits:     Tells that a host was told, not that it obeyed: many hosts ignore redirects. Forged ones
--             look the same.

SELECT src AS sender, dst AS client, gateway, version, COUNT(*) AS redirects,
       COUNT(DISTINCT quoted_dst) AS destinations, MIN(quoted_dst) AS destination, clock,
       MIN(ts) AS first_ts, MAX(ts) AS last_ts
FROM icmp_messages
WHERE ((version = 4 AND type = 5) OR (version = 6 AND type = 137))
  AND src IS NOT NULL
  AND dst IS NOT NULL
  AND duplicate_of IS NULL
GROUP BY clock, src, dst, gateway, version
HAVING COUNT(*) >= :min_redirects
ORDER BY redirects DESC, src, dst, gateway NULLS LAST, version, clock;
