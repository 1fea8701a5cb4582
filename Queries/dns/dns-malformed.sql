-- title:      Malformed DNS messages
-- severity:   low  a broken program, or one that tries to break another
-- meaning:    A host sends to or from port 53 what is no well-formed DNS: names that loop or run out
--             of the message, counts that do not hold, or another protocol. A row is one sender and
--             the way of it.
-- parameter:  min_packets  integer  packets  1  rows with fewer are left out
-- needs:      SELECT 1 FROM dns_messages WHERE txid >= 0
--             UNION ALL SELECT 1 FROM faults WHERE layer = 'dns' LIMIT 1
-- column:     sender      text     -        who sent them
-- column:     side        text     -        client or server, by the port; of both, client
-- column:     packets     integer  packets  with a fault
-- column:     peers       integer  hosts    distinct addresses that they were sent to
-- column:     peer        text     -        the first of them, by address
-- column:     faults      integer  faults   distinct ones, in words
-- column:     fault       text     -        the first of them, in the order of letters
-- column:     clock       integer  -        0 for UTC, else the capture whose clock it is
-- column:     first_ts    integer  ns       the first of them
-- column:     last_ts     integer  ns       the last
-- evidence:   SELECT f.packet_id FROM faults AS f
--             JOIN packets AS p ON p.packet_id = f.packet_id
--             WHERE f.layer = 'dns' AND f.kind = 'malformed' AND p.src = :sender
--             AND p.clock = :clock AND p.duplicate_of IS NULL
--             AND CASE WHEN p.dst_port = 53 THEN 'client' ELSE 'server' END = :side
-- reference:  RFC 1035, 4.1 (the form of a message)
-- reference:  RFC 9267, 2 to 5 (faults of DNS programs that attackers use)
-- benign:     Another protocol on port 53, such as a VPN that looks for a way out; tests.
-- limits:     Messages that the capture cut are not counted. Over TCP, only what follows a message that was
--             read whole is malformed for sure, and told.

WITH
broken AS (  -- a packet with malformed DNS, and one of its faults
  SELECT f.packet_id, f.message, p.src AS sender, p.dst AS peer, p.clock, p.ts,
         CASE WHEN p.dst_port = 53 THEN 'client' ELSE 'server' END AS side
  FROM faults AS f
  JOIN packets AS p ON p.packet_id = f.packet_id
  WHERE f.layer = 'dns'
    AND f.kind = 'malformed'
    AND p.duplicate_of IS NULL
    AND p.src IS NOT NULL
)
SELECT sender, side, COUNT(DISTINCT packet_id) AS packets, COUNT(DISTINCT peer) AS peers,
       MIN(peer) AS peer, COUNT(DISTINCT message) AS faults, MIN(message) AS fault, clock,
       MIN(ts) AS first_ts, MAX(ts) AS last_ts
FROM broken
GROUP BY clock, sender, side
HAVING COUNT(DISTINCT packet_id) >= :min_packets
ORDER BY packets DESC, sender, side, clock;
