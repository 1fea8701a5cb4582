-- title:      SMB with hosts that are not expected
-- severity:   medium  files and password proofs go where they should not, or somebody goes from host to host
-- meaning:    A client speaks SMB with a server outside of the private networks, or with one that is not on the
--             list; or with so many servers that it looks for something. A row is such a client and
--             server, or such a client with all its servers.
-- parameter:  expected     text     -        private  addresses of the servers that are expected, parted by
--                                                     commas; private takes those of private networks, of
--                                                     the link and of the host itself
-- parameter:  min_servers  integer  servers  10       a client that asks so many is a row of its own
-- needs:      SELECT 1 FROM smb_messages WHERE is_response = 0 LIMIT 1
-- column:     reason     text     -          outside, unlisted, or many-servers
-- column:     client     text     -          who asks
-- column:     server     text     -          who is asked; of many, the first by address
-- column:     servers    integer  servers    distinct addresses of these
-- column:     requests   integer  requests   that were read
-- column:     failed     integer  responses  that refuse something
-- column:     users      integer  users      distinct names that the client gave, as far as NTLM tells
-- column:     user_name  text     -          the first of them, in the order of letters; NULL for none
-- column:     trees      integer  trees      distinct shares that were asked for
-- column:     tree       text     -          the first of them, likewise
-- column:     files      integer  files      distinct files in them
-- column:     smb1       integer  requests   that offer SMB1
-- column:     clock      integer  -          0 for UTC, else the capture whose clock it is
-- column:     first_ts   integer  ns         the first message
-- column:     last_ts    integer  ns         the last
-- evidence:   SELECT packet_id FROM smb_messages
--             WHERE src = :client AND is_response = 0 AND clock = :clock AND duplicate_of IS NULL
--             AND ts >= :first_ts AND ts <= :last_ts
--             AND (dst = :server OR :reason = 'many-servers')
--             UNION ALL SELECT packet_id FROM smb_messages
--             WHERE dst = :client AND is_response = 1 AND clock = :clock AND duplicate_of IS NULL
--             AND ts >= :first_ts AND ts <= :last_ts
--             AND (src = :server OR :reason = 'many-servers')
-- reference:  MITRE ATT&CK T1187 (Forced Authentication)
-- reference:  MITRE ATT&CK T1021.002 (SMB/Windows Admin Shares)
-- reference:  MITRE ATT&CK T1135 (Network Share Discovery)
-- reference:  RFC 1918, 3 (private addresses)
-- benign:     Networks with public addresses of their own: give the servers in expected. Backups, inventory,
--             management and domain controllers ask many hosts.
-- limits:     Requests that were encrypted, or of SMB1 behind its negotiation, are not read. A server that never
--             let a connection be opened is no row here: tcp-refused and tcp-syn-unanswered have it.

WITH
messages AS (  -- a message, by who asks and who is asked
  SELECT clock, ts, is_response, version, status, user_name, tree, file_name,
         CASE is_response WHEN 0 THEN src ELSE dst END AS asker,
         CASE is_response WHEN 0 THEN dst ELSE src END AS asked
  FROM smb_messages
  WHERE duplicate_of IS NULL
    AND ts IS NOT NULL
    AND src IS NOT NULL
    AND dst IS NOT NULL
),
servers AS (  -- a server, and what is unexpected of it; NULL for nothing
  SELECT asked,
         CASE
           WHEN :expected = 'private' THEN
             CASE WHEN asked LIKE '10.%' OR asked LIKE '192.168.%' OR asked LIKE '127.%'
                    OR asked LIKE '169.254.%' OR asked LIKE '172.16.%' OR asked LIKE '172.17.%'
                    OR asked LIKE '172.18.%' OR asked LIKE '172.19.%' OR asked LIKE '172.2_.%'
                    OR asked LIKE '172.30.%' OR asked LIKE '172.31.%' OR asked = '::1'
                    OR asked LIKE 'fe80:%' OR asked LIKE 'fc__:%' OR asked LIKE 'fd__:%'
               THEN NULL ELSE 'outside' END
           WHEN replace(',' || replace(:expected, ' ', '') || ',', ',' || asked || ',', '')
             = ',' || replace(:expected, ' ', '') || ',' THEN 'unlisted'
         END AS reason
  FROM messages
  GROUP BY asked
),
busy AS (  -- a client that asks many servers
  SELECT clock, asker
  FROM messages
  WHERE is_response = 0
  GROUP BY clock, asker
  HAVING COUNT(DISTINCT asked) >= :min_servers
),
told AS (  -- a message of a row, with what the row is for and what tells it from others
  SELECT s.reason, m.asked AS of_server, m.*
  FROM messages AS m
  JOIN servers AS s ON s.asked = m.asked
  WHERE s.reason IS NOT NULL
  UNION ALL
  SELECT 'many-servers', '', m.*
  FROM messages AS m
  JOIN busy AS b ON b.clock = m.clock AND b.asker = m.asker
)
SELECT reason, asker AS client, MIN(asked) AS server, COUNT(DISTINCT asked) AS servers,
       SUM(1 - is_response) AS requests,
       SUM(CASE WHEN substr(status, 1, 3) = '0xc' AND status <> '0xc0000016' THEN 1 ELSE 0 END)
         AS failed,
       COUNT(DISTINCT user_name) AS users, MIN(user_name) AS user_name,
       COUNT(DISTINCT tree) AS trees, MIN(tree) AS tree, COUNT(DISTINCT file_name) AS files,
       SUM(CASE WHEN version = 1 THEN 1 - is_response ELSE 0 END) AS smb1, clock,
       MIN(ts) AS first_ts, MAX(ts) AS last_ts
FROM told
GROUP BY reason, clock, asker, of_server
ORDER BY requests DESC, client, server, reason, clock;
