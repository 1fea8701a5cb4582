-- title:      One IPv4 address, two MAC addresses
-- severity:   high  somebody may read along or alter what others send
-- meaning:    ARP names one MAC address for an IPv4 address, and shortly after another: two hosts
--             have the same address, or one takes what is sent to another. A row is one address.
-- parameter:  window_s     integer  s        300  the longest time from one claim to the next
-- parameter:  min_changes  integer  changes  1    rows with fewer are left out
-- needs:      SELECT 1 FROM arp_messages WHERE operation > 0 LIMIT 1
-- column:     address     text     -        the IPv4 address that is claimed
-- column:     macs        integer  hosts    distinct MAC addresses that claim it
-- column:     mac         text     -        the first of them, in the order of letters
-- column:     other_mac   text     -        the last of them
-- column:     changes     integer  changes  from a claim to one by another within window_s
-- column:     gratuitous  integer  changes  of these, by an ARP packet about the sender's own address
-- column:     replies     integer  changes  of these, by a reply
-- column:     clock       integer  -        0 for UTC, else the capture whose clock it is
-- column:     first_ts    integer  ns       the claim before the first change
-- column:     last_ts     integer  ns       the last change
-- evidence:   SELECT packet_id FROM arp_messages
--             WHERE sender_ip = :address AND sender_mac IS NOT NULL AND clock = :clock
--             AND ts >= :first_ts AND ts <= :last_ts AND duplicate_of IS NULL
-- reference:  MITRE ATT&CK T1557.002 (ARP Cache Poisoning)
-- reference:  RFC 5227, 2.4 (what a host does about a conflict)
-- reference:  RFC 826, Packet Reception (why the last claim counts)
-- benign:     A service that moves to another host of its cluster; an interface that was replaced; a
--             router that answers for others (proxy ARP).
-- limits:     Tells who claims, not who is right. Replies go to who asked: a capture elsewhere on
--             the switch sees requests and what is sent to all. The same address in two networks of
--             one capture looks like a conflict; so it does in two networks inside of tunnels.

WITH
claims AS (  -- an ARP packet that says who has an address
  SELECT packet_id, clock, sender_ip AS address, sender_mac AS mac, ts,
         CASE WHEN sender_ip = target_ip THEN 1 ELSE 0 END AS is_gratuitous,
         CASE WHEN operation = 2 THEN 1 ELSE 0 END AS is_reply
  FROM arp_messages
  WHERE duplicate_of IS NULL
    AND ts IS NOT NULL
    AND sender_mac IS NOT NULL
    AND sender_ip <> '0.0.0.0'
),
followed AS (  -- a claim, with the one before
  SELECT *, LAG(mac) OVER w AS previous_mac, LAG(ts) OVER w AS previous_ts
  FROM claims
  WINDOW w AS (PARTITION BY clock, address ORDER BY ts, packet_id)
),
changes AS (  -- a claim by another than the one before
  SELECT *
  FROM followed
  WHERE mac <> previous_mac
    AND ts - previous_ts <= :window_s * 1000000000
),
claimants AS (  -- who claims at a change, and who did before
  SELECT clock, address, mac, ts, 1 AS is_change, is_gratuitous, is_reply
  FROM changes
  UNION ALL
  SELECT clock, address, previous_mac, previous_ts, 0, 0, 0
  FROM changes
)
SELECT address, COUNT(DISTINCT mac) AS macs, MIN(mac) AS mac, MAX(mac) AS other_mac,
       SUM(is_change) AS changes, SUM(is_gratuitous) AS gratuitous, SUM(is_reply) AS replies,
       clock, MIN(ts) AS first_ts, MAX(ts) AS last_ts
FROM claimants
GROUP BY clock, address
HAVING SUM(is_change) >= :min_changes
ORDER BY changes DESC, address, clock;
