-- title:      Pings without a reply
-- severity:   medium  packets get lost on the way, or the target is off
-- meaning:    A client sent echo requests, and some got no reply: the way to the target loses packets,
--             or the target is off or does not answer. A row is one client and one target.
-- parameter:  timeout_ms  integer  ms        5000  requests so near the end of their capture are not
--                                                  counted
-- parameter:  min_lost    integer  requests  3     rows with fewer without a reply are left out
-- parameter:  min_share   real     -         0.02  likewise, those with a smaller share
-- needs:      SELECT 1 FROM icmp_messages
--             WHERE identifier IS NOT NULL AND ts IS NOT NULL LIMIT 1
-- column:     client      text     -         who sent the requests
-- column:     target      text     -         who was to reply
-- column:     version     integer  -         4 ICMP, 6 ICMPv6
-- column:     requests    integer  requests  sent, apart from the unobserved
-- column:     lost        integer  requests  of these, without a reply
-- column:     share       real     -         lost, of requests
-- column:     identifiers integer  -         distinct identifiers in the lost: runs of ping
-- column:     unobserved  integer  requests  not counted: the captures cannot show their fate
-- column:     clock       integer  -         0 for UTC, else the capture whose clock it is
-- column:     first_ts    integer  ns        the first one lost
-- column:     last_ts     integer  ns        the last one lost
-- evidence:   SELECT q.packet_id FROM icmp_messages AS q
--             JOIN captures AS c ON c.capture_id = q.capture_id
--             LEFT JOIN icmp_messages AS r ON r.src = q.dst AND r.dst = q.src
--             AND r.version = q.version AND r.identifier = q.identifier
--             AND r.sequence = q.sequence AND r.clock = q.clock AND r.type IN (0, 129)
--             WHERE q.type IN (8, 128) AND q.src = :client AND q.dst = :target
--             AND q.version = :version AND q.clock = :clock AND q.ts >= :first_ts
--             AND q.ts <= :last_ts AND q.duplicate_of IS NULL AND r.packet_id IS NULL
--             AND q.ts + :timeout_ms * 1000000 <= c.last_ts
-- reference:  RFC 792, Echo or Echo Reply Message (types 8 and 0)
-- reference:  RFC 4443, 4.1 and 4.2 (types 128 and 129)
-- benign:     Many hosts and firewalls do not answer pings at all: then all are lost. A host that looks
--             for others asks many targets once.
-- limits:     The request or the reply was lost: which, a capture at the target tells. Requests to
--             groups of hosts are not counted, nor those of a client to which the captures show
--             nothing at all. A sequence number that comes again within a run is answered by any
--             reply to it. Without a time nothing is counted.

WITH
requests AS (  -- a request to one host
  SELECT packet_id, capture_id, src AS client, dst AS target, version, identifier, sequence, clock,
         ts
  FROM icmp_messages
  WHERE type IN (8, 128)
    AND identifier IS NOT NULL
    AND is_group = 0
    AND ts IS NOT NULL
    AND duplicate_of IS NULL
),
replies AS (  -- what was replied to
  SELECT DISTINCT dst AS client, src AS target, version, identifier, sequence, clock
  FROM icmp_messages
  WHERE type IN (0, 129)
    AND identifier IS NOT NULL
),
clients AS (  -- who sent requests
  SELECT client
  FROM requests
  GROUP BY client
),
reached AS (  -- a client to which the captures show packets
  SELECT client
  FROM clients
  WHERE EXISTS (SELECT 1 FROM packets AS p WHERE p.dst = clients.client)
),
judged AS (  -- a request, with what became of it
  SELECT q.client, q.target, q.version, q.identifier, q.clock, q.ts,
         CASE WHEN r.client IS NOT NULL THEN 'answered'
              WHEN h.client IS NULL THEN 'unobserved'
              WHEN c.last_ts < q.ts + :timeout_ms * 1000000 THEN 'unobserved'
              ELSE 'lost' END AS fate
  FROM requests AS q
  JOIN captures AS c ON c.capture_id = q.capture_id
  LEFT JOIN reached AS h ON h.client = q.client
  LEFT JOIN replies AS r
    ON r.client = q.client AND r.target = q.target AND r.version = q.version
    AND r.identifier = q.identifier AND r.sequence = q.sequence AND r.clock = q.clock
),
counted AS (  -- a client and a target
  SELECT client, target, version, clock,
         SUM(CASE WHEN fate <> 'unobserved' THEN 1 ELSE 0 END) AS requests,
         SUM(CASE WHEN fate = 'lost' THEN 1 ELSE 0 END) AS lost,
         COUNT(DISTINCT CASE WHEN fate = 'lost' THEN identifier END) AS identifiers,
         SUM(CASE WHEN fate = 'unobserved' THEN 1 ELSE 0 END) AS unobserved,
         MIN(CASE WHEN fate = 'lost' THEN ts END) AS first_ts,
         MAX(CASE WHEN fate = 'lost' THEN ts END) AS last_ts
  FROM judged
  GROUP BY clock, client, target, version
)
SELECT client, target, version, requests, lost, lost * 1e0 / requests AS share, identifiers,
       unobserved, clock, first_ts, last_ts
FROM counted
WHERE lost >= :min_lost
  AND lost >= :min_share * requests
ORDER BY lost DESC, client, target, version, clock;
