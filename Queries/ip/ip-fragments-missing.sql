-- title:      Datagrams of which fragments are missing
-- severity:   medium  what such a datagram carries never arrives: large answers and tunnels hang
-- meaning:    A datagram was sent in fragments, and some of them were not captured within 30 s: a
--             firewall drops fragments, the network lost them, or the capture did. A row is one
--             sender, receiver and protocol.
-- parameter:  min_datagrams  integer  datagrams  3  rows with fewer are left out
-- needs:      SELECT 1 FROM packets WHERE fragment_offset IS NOT NULL LIMIT 1
-- column:     sender      text     -          who sent them
-- column:     receiver    text     -          who they were sent to
-- column:     ip_proto    integer  -          IANA protocol number of what they carry
-- column:     datagrams   integer  datagrams  of which fragments are missing
-- column:     fragmented  integer  datagrams  that began with a fragment at offset 0, from the sender to
--                                             the receiver, missing fragments or not
-- column:     headless    integer  datagrams  of datagrams, whose first captured fragment is not the one
--                                             at offset 0
-- column:     clock       integer  -          0 for UTC, else the capture whose clock it is
-- column:     first_ts    integer  ns         the first fragment of the first
-- column:     last_ts     integer  ns         the first fragment of the last
-- evidence:   SELECT f.packet_id FROM faults AS f
--             JOIN packets AS p ON p.packet_id = f.packet_id
--             WHERE f.kind = 'incomplete' AND f.layer IN ('ip', 'ipv6') AND p.src = :sender
--             AND p.dst = :receiver AND p.ip_proto = :ip_proto AND p.clock = :clock
--             AND p.ts >= :first_ts AND p.ts <= :last_ts AND p.duplicate_of IS NULL
-- reference:  RFC 791, 3.2 (fragmentation and reassembly)
-- reference:  RFC 8200, 4.5 (fragment header)
-- reference:  RFC 8900, 3 (why fragments get lost)
-- benign:     A capture that begins or ends between two fragments, or whose filter tells packets by their
--             ports: only the first fragment has them.
-- limits:     Fragments in another capture are not looked for. Datagrams that waited for more than 30 s,
--             or among more than 1,024 others, count as missing some. Those that the capture cut are
--             not counted.

WITH
missing AS (  -- a datagram with missing fragments, by the first of it that was captured
  SELECT p.packet_id, p.src AS sender, p.dst AS receiver, p.ip_proto, p.clock, p.ts,
         CASE WHEN p.fragment_offset > 0 THEN 1 ELSE 0 END AS is_headless
  FROM faults AS f
  JOIN packets AS p ON p.packet_id = f.packet_id
  WHERE f.kind = 'incomplete'
    AND f.layer IN ('ip', 'ipv6')
    AND p.duplicate_of IS NULL
    AND p.src IS NOT NULL
),
counted AS (  -- a sender, receiver and protocol with enough of them
  SELECT clock, sender, receiver, ip_proto, COUNT(*) AS datagrams, SUM(is_headless) AS headless,
         MIN(ts) AS first_ts, MAX(ts) AS last_ts
  FROM missing
  GROUP BY clock, sender, receiver, ip_proto
  HAVING COUNT(*) >= :min_datagrams
)
SELECT c.sender, c.receiver, c.ip_proto, c.datagrams,
       (SELECT COUNT(*) FROM packets AS p
        WHERE p.src = c.sender AND p.dst = c.receiver AND p.ip_proto = c.ip_proto
          AND p.clock = c.clock AND p.fragment_offset = 0 AND p.duplicate_of IS NULL) AS fragmented,
       c.headless, c.clock, c.first_ts, c.last_ts
FROM counted AS c
ORDER BY c.datagrams DESC, c.sender, c.receiver, c.ip_proto, c.clock;
