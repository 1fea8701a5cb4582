-- title:      Fragments that overlap each other
-- severity:   high  somebody hides from firewalls what a datagram holds, or attacks the receiver
-- meaning:    Two fragments of a datagram claim the same octets of it. No sender does that: hosts differ
--             in which one they believe, so that a filter may read something else than the receiver.
--             A row is one sender and receiver.
-- parameter:  min_fragments  integer  fragments  1  rows with fewer are left out
-- needs:      SELECT 1 FROM packets WHERE fragment_offset IS NOT NULL LIMIT 1
-- column:     sender     text     -          who sent them, by the datagram
-- column:     receiver   text     -          who they were sent to
-- column:     ip_proto   integer  -          IANA protocol number of what they carry
-- column:     fragments  integer  fragments  the first of each datagram that overlaps another
-- column:     clock      integer  -          0 for UTC, else the capture whose clock it is
-- column:     first_ts   integer  ns         the first of them
-- column:     last_ts    integer  ns         the last of them
-- evidence:   SELECT o.packet_id FROM faults AS f
--             JOIN packets AS p ON p.packet_id = f.packet_id
--             JOIN packets AS o ON o.stream_id = p.stream_id AND o.ip_id = p.ip_id
--             AND o.ts >= p.ts - 30000000000 AND o.ts <= p.ts
--             WHERE f.kind = 'malformed' AND f.layer IN ('ip', 'ipv6')
--             AND f.message LIKE 'a fragment overlaps %' AND p.src = :sender
--             AND p.dst = :receiver AND p.ip_proto = :ip_proto AND p.clock = :clock
--             AND p.ts >= :first_ts AND p.ts <= :last_ts AND p.duplicate_of IS NULL
--             AND o.fragment_offset IS NOT NULL AND o.duplicate_of IS NULL
-- reference:  RFC 1858, 3 and 4 (attacks with fragments), RFC 3128
-- reference:  RFC 5722, 4 (IPv6 hosts throw such a datagram away)
-- reference:  MITRE ATT&CK T1499 (Endpoint Denial of Service)
-- benign:     A host that sends more than 65,536 datagrams in 30 s uses an identification again while
--             fragments of the first are under way.
-- limits:     Such a datagram is not put together: what either reading would hold is not told. A fragment
--             that repeats another to the octet is no overlap.

SELECT p.src AS sender, p.dst AS receiver, p.ip_proto, COUNT(*) AS fragments, p.clock,
       MIN(p.ts) AS first_ts, MAX(p.ts) AS last_ts
FROM faults AS f
JOIN packets AS p ON p.packet_id = f.packet_id
WHERE f.kind = 'malformed'
  AND f.layer IN ('ip', 'ipv6')
  AND f.message LIKE 'a fragment overlaps %'
  AND p.duplicate_of IS NULL
  AND p.src IS NOT NULL
GROUP BY p.clock, p.src, p.dst, p.ip_proto
HAVING COUNT(*) >= :min_fragments
ORDER BY fragments DESC, sender, receiver, p.ip_proto, p.clock;
