-- title:      NTP servers that answer few octets with many
-- severity:   high  such a server floods whoever is named as the sender of a request
-- meaning:    Answers about the server itself (mode 7, such as monlist, and mode 6), not about the
--             time, are many times as large as what asked for them, or nobody is seen to ask: the
--             server is used, or can be, to flood a host whose address is forged. A row is one
--             server and whom it answers.
-- parameter:  min_octets  integer  octets  40000  rows with fewer in answers are left out; one
--                                                 whole list of monlist has about 48,000
-- parameter:  min_factor  real     -       10     answers' octets by the requests'
-- needs:      SELECT 1 FROM ntp_messages WHERE mode = 'private' OR mode = 'control' LIMIT 1
-- column:     server          text     -         who answers
-- column:     client          text     -         whom: who asked, or whose address was forged
-- column:     answers         integer  messages  to it
-- column:     answer_octets   integer  octets    of their packets
-- column:     requests        integer  messages  in its name; 0 where none was captured
-- column:     request_octets  integer  octets    of their packets
-- column:     factor          real     -         answers' octets by the requests'; NULL without any
-- column:     monlist         integer  messages  answers that list the last clients
-- column:     clock           integer  -         0 for UTC, else the capture whose clock it is
-- column:     first_ts        integer  ns        the first answer
-- column:     last_ts         integer  ns        the last
-- evidence:   SELECT packet_id FROM ntp_messages
--             WHERE mode IN ('private', 'control') AND src = :server AND dst = :client
--             AND is_response = 1 AND clock = :clock AND duplicate_of IS NULL
--             UNION ALL SELECT packet_id FROM ntp_messages
--             WHERE mode IN ('private', 'control') AND src = :client AND dst = :server
--             AND is_response = 0 AND clock = :clock AND duplicate_of IS NULL
-- reference:  CVE-2013-5211 (monlist)
-- reference:  MITRE ATT&CK T1498.002 (Reflection Amplification)
-- reference:  RFC 9327, 7 (what control messages are misused for)
-- benign:     An administrator who asks their own server for its list of clients.
-- limits:     Of a capture that holds one direction only, no request is there to compare with.

WITH
messages AS (  -- a message that asks a server about itself, or the answer, by its two ends
  SELECT CASE WHEN is_response = 1 THEN src ELSE dst END AS server,
         CASE WHEN is_response = 1 THEN dst ELSE src END AS client, packet_id, is_response,
         CASE WHEN request_code IN (20, 42) THEN 1 ELSE 0 END AS is_list, clock, ts
  FROM ntp_messages
  WHERE mode IN ('private', 'control')
    AND duplicate_of IS NULL
),
sized AS (  -- each with the octets of its packet
  SELECT m.server, m.client, m.is_response, m.is_list, m.clock, m.ts, p.length
  FROM messages AS m
  JOIN packets AS p ON p.packet_id = m.packet_id
),
pairs AS (  -- a server and a client
  SELECT clock, server, client, SUM(is_response) AS answers,
         SUM(CASE WHEN is_response = 1 THEN length ELSE 0 END) AS answer_octets,
         SUM(1 - is_response) AS requests,
         SUM(CASE WHEN is_response = 0 THEN length ELSE 0 END) AS request_octets,
         SUM(is_response * is_list) AS monlist,
         MIN(CASE WHEN is_response = 1 THEN ts END) AS first_ts,
         MAX(CASE WHEN is_response = 1 THEN ts END) AS last_ts
  FROM sized
  GROUP BY clock, server, client
)
SELECT server, client, answers, answer_octets, requests, request_octets,
       answer_octets * 1e0 / NULLIF(request_octets, 0) AS factor, monlist, clock, first_ts, last_ts
FROM pairs
WHERE answer_octets >= :min_octets
  AND answer_octets >= :min_factor * request_octets
ORDER BY answer_octets DESC, server, client, clock;
