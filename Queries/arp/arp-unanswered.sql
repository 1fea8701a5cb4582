-- title:      ARP requests that nobody replies to
-- severity:   low  a host that others look for is not there
-- meaning:    Hosts ask again and again who has an address of their own network, and nobody has: it
--             is switched off, or something still points to an address of old. A row is one address.
-- parameter:  min_requests  integer  requests  5  rows with fewer are left out
-- needs:      SELECT 1 FROM arp_messages WHERE operation = 1 LIMIT 1
-- column:     address     text     -         the IPv4 address that is looked for
-- column:     requests    integer  requests  for it
-- column:     requesters  integer  hosts     distinct addresses that ask
-- column:     requester   text     -         the first of them, by address
-- column:     clock       integer  -         0 for UTC, else the capture whose clock it is
-- column:     first_ts    integer  ns        the first request
-- column:     last_ts     integer  ns        the last
-- evidence:   SELECT a.packet_id FROM arp_messages AS a
--             JOIN (SELECT DISTINCT capture_id, target_mac FROM arp_messages
--               WHERE operation = 2) AS h
--             ON h.capture_id = a.capture_id AND h.target_mac = a.sender_mac
--             WHERE a.operation = 1 AND a.target_ip = :address AND a.clock = :clock
--             AND a.sender_ip <> '0.0.0.0' AND a.sender_ip <> a.target_ip
--             AND a.ts >= :first_ts AND a.ts <= :last_ts AND a.duplicate_of IS NULL
-- reference:  RFC 826, Packet Generation and Packet Reception
-- reference:  RFC 1122, 2.3.2.1 (how often a host asks)
-- benign:     A printer or a laptop that is switched off; addresses that are set up before the hosts.
-- limits:     Replies go to who asked, so that only those who got some reply in the same capture are
--             listened to. Who looks through a whole network asks each address too seldom to be
--             listed.

WITH
heard AS (  -- who got a reply, by the capture that shows it
  SELECT DISTINCT capture_id, target_mac AS mac
  FROM arp_messages
  WHERE operation = 2
),
requests AS (  -- a request for another's address, of a host that the capture shows a reply to
  SELECT a.packet_id, a.clock, a.target_ip AS address, a.sender_ip AS requester, a.ts
  FROM arp_messages AS a
  JOIN heard AS h ON h.capture_id = a.capture_id AND h.mac = a.sender_mac
  WHERE a.operation = 1
    AND a.duplicate_of IS NULL
    AND a.ts IS NOT NULL
    AND a.sender_ip <> '0.0.0.0'
    AND a.sender_ip <> a.target_ip
),
claims AS (  -- when somebody last said that an address is theirs
  SELECT clock, sender_ip AS address, MAX(ts) AS last_ts
  FROM arp_messages
  WHERE sender_ip IS NOT NULL
    AND ts IS NOT NULL
  GROUP BY clock, sender_ip
)
SELECT r.address, COUNT(*) AS requests, COUNT(DISTINCT r.requester) AS requesters,
       MIN(r.requester) AS requester, r.clock, MIN(r.ts) AS first_ts, MAX(r.ts) AS last_ts
FROM requests AS r
LEFT JOIN claims AS c ON c.clock = r.clock AND c.address = r.address
WHERE c.last_ts IS NULL
   OR r.ts > c.last_ts
GROUP BY r.clock, r.address
HAVING COUNT(*) >= :min_requests
ORDER BY requests DESC, r.address, r.clock;
