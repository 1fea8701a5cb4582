-- title:      NTP servers whose own clock is not set
-- severity:   medium  clients get no time from them, and the times in logs drift apart
-- meaning:    A server says of its answers that its clock is not synchronized (the leap indicator
--             3, stratum 16, or INIT or STEP in place of a time): it reaches no server of its own,
--             or was just started. Clients do not use them. A row is one server.
-- parameter:  min_answers  integer  messages  3  servers with fewer such answers are left out
-- needs:      SELECT 1 FROM ntp_messages WHERE mode = 'server' OR mode = 'broadcast' LIMIT 1
-- column:     server         text     -         who answers
-- column:     unset          integer  messages  answers that say so
-- column:     answers        integer  messages  of all that give a time or say so
-- column:     clients        integer  clients   distinct addresses that got one that says so
-- column:     reference_id   text     -         of those; of several the first, in the order of
--                                               letters
-- column:     clock          integer  -         0 for UTC, else the capture whose clock it is
-- column:     first_ts       integer  ns        the first that says so
-- column:     last_ts        integer  ns        the last
-- evidence:   SELECT packet_id FROM ntp_messages
--             WHERE src = :server AND clock = :clock AND duplicate_of IS NULL
--             AND mode IN ('server', 'broadcast')
--             AND COALESCE(kiss_code, '') NOT IN ('DENY', 'RSTR', 'RATE', 'NTSN')
--             AND (leap = 'not synchronized' OR stratum = 16 OR kiss_code IN ('INIT', 'STEP'))
-- reference:  RFC 5905, 7.3 (leap indicator, stratum) and 7.4 (INIT, STEP)
-- benign:     A server in the first minutes after its start.
-- limits:     A server that is wrong and does not know says nothing of it.

WITH
answers AS (  -- a server's message, with a 1 when it says that its clock is not set
  SELECT src AS server, dst AS client, clock, ts, reference_id,
         CASE WHEN leap = 'not synchronized' OR stratum = 16 OR kiss_code IN ('INIT', 'STEP')
              THEN 1 ELSE 0 END AS is_unset
  FROM ntp_messages
  WHERE mode IN ('server', 'broadcast')
    AND COALESCE(kiss_code, '') NOT IN ('DENY', 'RSTR', 'RATE', 'NTSN')
    AND duplicate_of IS NULL
)
SELECT server, SUM(is_unset) AS unset, COUNT(*) AS answers,
       COUNT(DISTINCT CASE WHEN is_unset = 1 THEN client END) AS clients,
       MIN(CASE WHEN is_unset = 1 THEN reference_id END) AS reference_id, clock,
       MIN(CASE WHEN is_unset = 1 THEN ts END) AS first_ts,
       MAX(CASE WHEN is_unset = 1 THEN ts END) AS last_ts
FROM answers
GROUP BY clock, server
HAVING SUM(is_unset) >= :min_answers
ORDER BY unset DESC, server, clock;
