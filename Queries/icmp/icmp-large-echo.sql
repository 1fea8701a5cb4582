-- title:      Pings that may carry data
-- severity:   medium  a tunnel through ping passes firewalls that let ping through
-- meaning:    Echo messages between two hosts are large, or of many sizes, or replies differ in size
--             from their requests, which they must repeat: so do tunnels that hide data in them. A
--             row is one client and one target.
-- parameter:  large_octets  integer  octets    600  a message of more is large; on the wire
-- parameter:  min_messages  integer  messages  20   so many large ones, or unequal replies, are told
-- parameter:  min_sizes     integer  sizes     8    likewise, so many distinct sizes
-- needs:      SELECT 1 FROM icmp_messages WHERE identifier IS NOT NULL LIMIT 1
-- column:     client    text     -         who sent the requests
-- column:     target    text     -         whom it sent them to
-- column:     version   integer  -         4 ICMP, 6 ICMPv6
-- column:     messages  integer  messages  requests and replies
-- column:     large     integer  messages  of more than large_octets
-- column:     sizes     integer  sizes     distinct ones
-- column:     unequal   integer  replies   of another size than their request
-- column:     longest   integer  octets    on the wire, link layer included
-- column:     octets    integer  octets    of all, likewise
-- column:     clock     integer  -         0 for UTC, else the capture whose clock it is
-- column:     first_ts  integer  ns        the first message
-- column:     last_ts   integer  ns        the last message
-- evidence:   SELECT packet_id FROM icmp_messages
--             WHERE src = :client AND dst = :target AND type IN (8, 128)
--             AND version = :version AND clock = :clock AND duplicate_of IS NULL
--             UNION ALL SELECT packet_id FROM icmp_messages
--             WHERE src = :target AND dst = :client AND type IN (0, 129)
--             AND version = :version AND clock = :clock AND duplicate_of IS NULL
-- reference:  RFC 792, Echo or Echo Reply Message (the data must be returned)
-- reference:  RFC 4443, 4.2 (likewise)
-- reference:  MITRE ATT&CK T1095 (Non-Application Layer Protocol)
-- benign:     Somebody who looks for the largest packet that passes sends pings of many sizes, and
--             large ones to load a line; some monitors do.
-- limits:     A tunnel with small messages of one size is not seen. Sizes are those of whole packets; of
--             a message in pieces that of the first. What the messages carry, the sources show.

WITH
messages AS (  -- an echo message, by who asked
  SELECT CASE WHEN i.type IN (8, 128) THEN i.src ELSE i.dst END AS client,
         CASE WHEN i.type IN (8, 128) THEN i.dst ELSE i.src END AS target,
         CASE WHEN i.type IN (8, 128) THEN 1 ELSE 0 END AS is_request,
         i.version, i.identifier, i.sequence, i.clock, i.ts, p.length
  FROM icmp_messages AS i
  JOIN packets AS p ON p.packet_id = i.packet_id
  WHERE i.identifier IS NOT NULL
    AND i.src IS NOT NULL
    AND i.dst IS NOT NULL
    AND i.duplicate_of IS NULL
),
exchanges AS (  -- a request with what was replied to it
  SELECT client, target, version, clock, identifier, sequence,
         SUM(is_request) AS requests, SUM(1 - is_request) AS replies,
         MIN(CASE WHEN is_request = 1 THEN length END) AS request_length,
         MIN(CASE WHEN is_request = 0 THEN length END) AS reply_length
  FROM messages
  GROUP BY client, target, version, clock, identifier, sequence
),
unequal AS (  -- a client and a target, with replies of another size; small frames may be padded
  SELECT client, target, version, clock,
         SUM(CASE WHEN request_length <> reply_length
                    AND (request_length > 80 OR reply_length > 80) THEN replies
                  ELSE 0 END) AS unequal
  FROM exchanges
  GROUP BY client, target, version, clock
),
pairs AS (  -- a client and a target
  SELECT client, target, version, clock, COUNT(*) AS messages,
         SUM(CASE WHEN length > :large_octets THEN 1 ELSE 0 END) AS large,
         COUNT(DISTINCT length) AS sizes, MAX(length) AS longest, SUM(length) AS octets,
         MIN(ts) AS first_ts, MAX(ts) AS last_ts
  FROM messages
  GROUP BY client, target, version, clock
)
SELECT a.client, a.target, a.version, a.messages, a.large, a.sizes, u.unequal, a.longest, a.octets,
       a.clock, a.first_ts, a.last_ts
FROM pairs AS a
JOIN unequal AS u
  ON u.client = a.client AND u.target = a.target AND u.version = a.version AND u.clock = a.clock
WHERE a.large >= :min_messages
   OR u.unequal >= :min_messages
   OR a.sizes >= :min_sizes
ORDER BY a.octets DESC, a.client, a.target, a.version, a.clock;
