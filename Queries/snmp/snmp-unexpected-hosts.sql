-- title:      SNMP with outside hosts, or with passwords that everybody knows
-- severity:   medium  whoever knows the community reads what a device knows, and may change it
-- meaning:    A device and the host that asks it, or that it tells of events, exchange SNMP although one of them is
--             outside of the private networks, or though the community is public or private. A row is
--             such a pair.
-- parameter:  expected  text  -  none  addresses outside of the private networks that are expected all the
--                                      same, parted by commas
-- needs:      SELECT 1 FROM snmp_messages LIMIT 1
-- column:     reason     text     -         outside, default-community, or both
-- column:     agent      text     -         the device: who is asked, or tells
-- column:     manager    text     -         who asks, or is told
-- column:     messages   integer  messages  between them
-- column:     responses  integer  messages  of these, the device's responses
-- column:     sets       integer  messages  of these, that ask for a change
-- column:     traps      integer  messages  of these, that tell of an event
-- column:     known      integer  messages  of these, whose community is public or private
-- column:     v1         integer  messages  of these, of version 1
-- column:     v2c        integer  messages  of these, of version 2c
-- column:     v3         integer  messages  of these, of version 3
-- column:     oid        text     -         the first variable of one, the first in the order of letters
-- column:     clock      integer  -         0 for UTC, else the capture whose clock it is
-- column:     first_ts   integer  ns        the first message
-- column:     last_ts    integer  ns        the last
-- evidence:   SELECT packet_id FROM snmp_messages
--             WHERE src = :agent AND dst = :manager AND (src_port = 161 OR dst_port = 162)
--             AND clock = :clock AND duplicate_of IS NULL AND ts >= :first_ts AND ts <= :last_ts
--             UNION ALL SELECT packet_id FROM snmp_messages
--             WHERE src = :manager AND dst = :agent AND (dst_port = 161 OR src_port = 162)
--             AND NOT (src_port = 161 OR dst_port = 162)
--             AND clock = :clock AND duplicate_of IS NULL AND ts >= :first_ts AND ts <= :last_ts
-- reference:  MITRE ATT&CK T1602.001 (SNMP (MIB Dump))
-- reference:  RFC 3414, 1.2 (what versions 1 and 2c do not protect from)
-- reference:  RFC 1918, 3 (private addresses)
-- benign:     Networks with public addresses of their own; scans from outside that nobody answers: responses is 0;
--             printers on the own network that come with the community public.
-- limits:     A community of another name can be as well known. What version 3 encrypts is not read. Groups of hosts,
--             which managers ask to find devices, are not outside.

WITH
messages AS (  -- a message, by the device and the manager
  SELECT clock, ts, version, pdu_type, first_oid, COALESCE(has_default_community, 0) AS is_known,
         CASE WHEN src_port = 161 OR dst_port = 162 THEN src ELSE dst END AS device,
         CASE WHEN src_port = 161 OR dst_port = 162 THEN dst ELSE src END AS master
  FROM snmp_messages
  WHERE duplicate_of IS NULL
    AND ts IS NOT NULL
    AND src IS NOT NULL
    AND dst IS NOT NULL
),
hosts AS (  -- either of them
  SELECT device AS host FROM messages
  UNION ALL
  SELECT master FROM messages
),
outside AS (  -- a host outside that is not expected
  SELECT host
  FROM hosts
  WHERE NOT (host LIKE '10.%' OR host LIKE '192.168.%' OR host LIKE '127.%'
      OR host LIKE '169.254.%' OR host LIKE '172.16.%' OR host LIKE '172.17.%'
      OR host LIKE '172.18.%' OR host LIKE '172.19.%' OR host LIKE '172.2_.%'
      OR host LIKE '172.30.%' OR host LIKE '172.31.%' OR host = '::1'
      OR host LIKE 'fe80:%' OR host LIKE 'fc__:%' OR host LIKE 'fd__:%'
      OR host = '255.255.255.255' OR host LIKE '22_.%.%.%' AND host >= '224.'
      OR host LIKE '23_.%.%.%' OR host LIKE 'ff__:%')
    AND replace(',' || replace(:expected, ' ', '') || ',', ',' || host || ',', '')
      = ',' || replace(:expected, ' ', '') || ','
  GROUP BY host
),
pairs AS (  -- a pair, with what passes between them
  SELECT clock, device, master, COUNT(*) AS messages,
         SUM(CASE WHEN pdu_type IN ('get-response', 'report') THEN 1 ELSE 0 END) AS responses,
         SUM(CASE WHEN pdu_type = 'set-request' THEN 1 ELSE 0 END) AS sets,
         SUM(CASE WHEN pdu_type IN ('trap', 'snmpV2-trap', 'inform-request') THEN 1 ELSE 0 END)
           AS traps,
         SUM(is_known) AS known,
         SUM(CASE WHEN version = '1' THEN 1 ELSE 0 END) AS v1,
         SUM(CASE WHEN version = '2c' THEN 1 ELSE 0 END) AS v2c,
         SUM(CASE WHEN version = '3' THEN 1 ELSE 0 END) AS v3,
         MIN(first_oid) AS oid, MIN(ts) AS since_ts, MAX(ts) AS until_ts
  FROM messages
  GROUP BY clock, device, master
),
judged AS (  -- a pair, with a 1 where either is outside
  SELECT p.*, CASE WHEN d.host IS NULL AND m.host IS NULL THEN 0 ELSE 1 END AS is_outside
  FROM pairs AS p
  LEFT JOIN outside AS d ON d.host = p.device
  LEFT JOIN outside AS m ON m.host = p.master
)
SELECT CASE WHEN is_outside = 1 AND known > 0 THEN 'both'
            WHEN is_outside = 1 THEN 'outside' ELSE 'default-community' END AS reason,
       device AS agent, master AS manager, messages, responses, sets, traps, known, v1, v2c, v3,
       oid, clock, since_ts AS first_ts, until_ts AS last_ts
FROM judged
WHERE is_outside = 1
   OR known > 0
ORDER BY messages DESC, agent, manager, clock;
