-- title:      DNS questions lost between two places
-- severity:   high  queries vanish on a way that others pass: users are affected
-- meaning:    One place on the way saw questions that another, which saw others of the same client
--             and server, did not: what lies between the two dropped them. A row is one pair of
--             places for one client and server.
-- parameter:  min_lost   integer  queries  2     rows with fewer unanswered ones are left out
-- parameter:  margin_ms  integer  ms       2000  left out at the beginning and end of the other
--                                                capture, where clocks may differ
-- needs:      SELECT 1 FROM sightings LIMIT 1
-- column:     client             text     -        who asked
-- column:     server             text     -        who was asked
-- column:     transport          text     -        tcp or udp
-- column:     seen_capture_id    integer  -        the capture that shows the questions
-- column:     seen_interface     integer  -        its interface
-- column:     seen_name          text     -        its name
-- column:     missed_capture_id  integer  -        the capture that does not
-- column:     missed_interface   integer  -        its interface
-- column:     missed_name        text     -        its name
-- column:     lost               integer  queries  seen at the one place alone, and never answered
-- column:     refused            integer  queries  of these, refused by an ICMP error
-- column:     passed             integer  queries  seen at both places
-- column:     first_ts           integer  ns       the first lost one
-- column:     last_ts            integer  ns       the last lost one
-- evidence:   SELECT packet_id FROM dns_messages
--             WHERE is_response = 0 AND src = :client AND dst = :server AND transport = :transport
--             AND capture_id = :seen_capture_id AND interface = :seen_interface
--             AND ts >= :first_ts AND ts <= :last_ts
--             AND COALESCE(duplicate_of, packet_id) IN (
--               SELECT query_packet_id FROM dns_transactions WHERE response_packet_id IS NULL
--               UNION ALL SELECT r.packet_id FROM dns_retries AS r
--               JOIN dns_transactions AS t ON t.query_packet_id = r.query_packet_id
--               AND t.query_position = r.query_position
--               WHERE t.response_packet_id IS NULL)
--             AND COALESCE(duplicate_of, packet_id) NOT IN (
--               SELECT COALESCE(duplicate_of, packet_id) FROM dns_messages
--               WHERE is_response = 0 AND src = :client AND dst = :server
--               AND capture_id = :missed_capture_id AND interface = :missed_interface)
-- reference:  RFC 2979, 3 (what firewalls drop)
-- benign:     Two ways to a server, of which one capture shows one alone; a packet that the other
--             capture lost (see capture-quality).
-- limits:     Tells between which two places, not what is there. A place that shows no question of
--             the client at all is not compared, and a question that was answered is not lost.

WITH
asked AS (  -- a query at a place
  SELECT COALESCE(duplicate_of, packet_id) AS event_id, src AS client, dst AS server, transport,
         capture_id, interface, MIN(ts) AS ts
  FROM dns_messages
  WHERE is_response = 0
    AND src IS NOT NULL
    AND ts IS NOT NULL
  GROUP BY COALESCE(duplicate_of, packet_id), src, dst, transport, capture_id, interface
),
failed AS (  -- a query whose question got no answer
  SELECT query_packet_id AS event_id, CASE WHEN outcome = 'refused' THEN 1 ELSE 0 END AS is_refused
  FROM dns_transactions
  WHERE response_packet_id IS NULL
  UNION ALL
  SELECT r.packet_id, CASE WHEN t.outcome = 'refused' THEN 1 ELSE 0 END
  FROM dns_retries AS r
  JOIN dns_transactions AS t
    ON t.query_packet_id = r.query_packet_id AND t.query_position = r.query_position
  WHERE t.response_packet_id IS NULL
),
shared AS (  -- two places that saw the same queries of a client to a server
  SELECT a.client, a.server, a.transport, a.capture_id AS seen_capture_id,
         a.interface AS seen_interface, b.capture_id AS missed_capture_id,
         b.interface AS missed_interface, COUNT(*) AS passed
  FROM asked AS a
  JOIN asked AS b ON b.event_id = a.event_id
  WHERE a.capture_id <> b.capture_id OR a.interface <> b.interface
  GROUP BY a.client, a.server, a.transport, a.capture_id, a.interface, b.capture_id, b.interface
),
candidates AS (  -- a query of such a client at the first place, within what the second covers
  SELECT s.client, s.server, s.transport, s.seen_capture_id, s.seen_interface,
         s.missed_capture_id, s.missed_interface, s.passed, a.event_id, a.ts
  FROM shared AS s
  JOIN captures AS c ON c.capture_id = s.missed_capture_id
  JOIN asked AS a
    ON a.client = s.client AND a.server = s.server AND a.transport = s.transport
    AND a.capture_id = s.seen_capture_id AND a.interface = s.seen_interface
  WHERE a.ts >= c.first_ts + :margin_ms * 1000000
    AND a.ts <= c.last_ts - :margin_ms * 1000000
)
SELECT k.client, k.server, k.transport,
       k.seen_capture_id, k.seen_interface, MIN(sc.name) AS seen_name,
       k.missed_capture_id, k.missed_interface, MIN(mc.name) AS missed_name,
       COUNT(*) AS lost, SUM(f.is_refused) AS refused,
       MIN(k.passed) AS passed, MIN(k.ts) AS first_ts, MAX(k.ts) AS last_ts
FROM candidates AS k
JOIN captures AS sc ON sc.capture_id = k.seen_capture_id
JOIN captures AS mc ON mc.capture_id = k.missed_capture_id
JOIN failed AS f ON f.event_id = k.event_id
LEFT JOIN asked AS b
  ON b.event_id = k.event_id AND b.capture_id = k.missed_capture_id
  AND b.interface = k.missed_interface
WHERE b.event_id IS NULL
GROUP BY k.client, k.server, k.transport, k.seen_capture_id, k.seen_interface,
         k.missed_capture_id, k.missed_interface
HAVING COUNT(*) >= :min_lost
ORDER BY lost DESC, k.client, k.server, k.transport, k.seen_capture_id, k.seen_interface,
         k.missed_capture_id, k.missed_interface;
