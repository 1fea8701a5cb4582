-- title:      SMB clients that are refused again and again
-- severity:   medium  somebody tries passwords, shares or files; or a password has changed and a program goes on
-- meaning:    A server refuses a client's logins, shares or files many times, one soon after the other. A row is
--             one such run between a client and a server.
-- parameter:  min_denied  integer  responses  10   rows with fewer are left out
-- parameter:  gap_s       integer  s          300  the longest time from one refusal to the next
-- needs:      SELECT 1 FROM smb_messages WHERE is_response = 1 LIMIT 1
-- column:     client     text     -          who is refused
-- column:     server     text     -          by whom
-- column:     denied     integer  responses  that refuse
-- column:     logins     integer  responses  of these, to SESSION_SETUP
-- column:     shares     integer  responses  of these, to TREE_CONNECT
-- column:     opened     integer  responses  of these, to CREATE
-- column:     users      integer  users      distinct names that were given, as far as NTLM tells
-- column:     user_name  text     -          the first of them, in the order of letters; NULL for none
-- column:     trees      integer  trees      distinct shares that were asked for
-- column:     tree       text     -          the first of them, likewise
-- column:     files      integer  files      distinct names of files
-- column:     file_name  text     -          the first of them, likewise
-- column:     statuses   integer  statuses   distinct reasons
-- column:     status     text     -          the first of them, likewise
-- column:     clock      integer  -          0 for UTC, else the capture whose clock it is
-- column:     first_ts   integer  ns         the first refusal
-- column:     last_ts    integer  ns         the last
-- evidence:   SELECT packet_id FROM smb_messages
--             WHERE src = :server AND dst = :client AND clock = :clock AND duplicate_of IS NULL
--             AND is_response = 1 AND ts >= :first_ts AND ts <= :last_ts
--             AND status_name IN ('STATUS_ACCESS_DENIED', 'STATUS_NO_SUCH_USER',
--               'STATUS_WRONG_PASSWORD', 'STATUS_LOGON_FAILURE', 'STATUS_ACCOUNT_RESTRICTION',
--               'STATUS_INVALID_LOGON_HOURS', 'STATUS_INVALID_WORKSTATION',
--               'STATUS_PASSWORD_EXPIRED', 'STATUS_ACCOUNT_DISABLED', 'STATUS_PRIVILEGE_NOT_HELD',
--               'STATUS_LOGON_TYPE_NOT_GRANTED', 'STATUS_ACCOUNT_EXPIRED',
--               'STATUS_PASSWORD_MUST_CHANGE', 'STATUS_ACCOUNT_LOCKED_OUT',
--               'STATUS_NETWORK_ACCESS_DENIED', 'STATUS_BAD_NETWORK_NAME')
-- reference:  MITRE ATT&CK T1110 (Brute Force)
-- reference:  MITRE ATT&CK T1135 (Network Share Discovery)
-- reference:  [MS-ERREF], 2.3.1 (NTSTATUS values)
-- benign:     A stored password that is no longer true; indexing and backups that may not read all; programs that
--             ask for more rights than they have, and then for fewer.
-- limits:     What was encrypted is not read: servers of SMB 3 that encrypt refuse unseen, but for logins. Names of
--             users are known from NTLM alone, not from Kerberos. A slow attempt falls apart into short runs.

WITH
refusals AS (  -- a response that refuses
  SELECT clock, dst AS asker, src AS asked, ts, command, user_name, tree, file_name, status_name,
         packet_id, position
  FROM smb_messages
  WHERE is_response = 1
    AND duplicate_of IS NULL
    AND ts IS NOT NULL
    AND src IS NOT NULL
    AND dst IS NOT NULL
    AND status_name IN ('STATUS_ACCESS_DENIED', 'STATUS_NO_SUCH_USER', 'STATUS_WRONG_PASSWORD',
      'STATUS_LOGON_FAILURE', 'STATUS_ACCOUNT_RESTRICTION', 'STATUS_INVALID_LOGON_HOURS',
      'STATUS_INVALID_WORKSTATION', 'STATUS_PASSWORD_EXPIRED', 'STATUS_ACCOUNT_DISABLED',
      'STATUS_PRIVILEGE_NOT_HELD', 'STATUS_LOGON_TYPE_NOT_GRANTED', 'STATUS_ACCOUNT_EXPIRED',
      'STATUS_PASSWORD_MUST_CHANGE', 'STATUS_ACCOUNT_LOCKED_OUT', 'STATUS_NETWORK_ACCESS_DENIED',
      'STATUS_BAD_NETWORK_NAME')
),
spaced AS (  -- one that begins a run has a 1
  SELECT r.*,
         CASE WHEN r.ts - LAG(r.ts) OVER w <= :gap_s * 1000000000 THEN 0 ELSE 1 END AS begins
  FROM refusals AS r
  WINDOW w AS (PARTITION BY r.clock, r.asker, r.asked ORDER BY r.ts, r.packet_id, r.position)
),
numbered AS (  -- a refusal, with the number of its run
  SELECT *,
         SUM(begins) OVER (PARTITION BY clock, asker, asked ORDER BY ts, packet_id, position
           ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS run
  FROM spaced
)
SELECT asker AS client, asked AS server, COUNT(*) AS denied,
       SUM(CASE WHEN command = 'SESSION_SETUP' THEN 1 ELSE 0 END) AS logins,
       SUM(CASE WHEN command = 'TREE_CONNECT' THEN 1 ELSE 0 END) AS shares,
       SUM(CASE WHEN command = 'CREATE' THEN 1 ELSE 0 END) AS opened,
       COUNT(DISTINCT user_name) AS users, MIN(user_name) AS user_name,
       COUNT(DISTINCT tree) AS trees, MIN(tree) AS tree,
       COUNT(DISTINCT file_name) AS files, MIN(file_name) AS file_name,
       COUNT(DISTINCT status_name) AS statuses, MIN(status_name) AS status, clock,
       MIN(ts) AS first_ts, MAX(ts) AS last_ts
FROM numbered
GROUP BY clock, asker, asked, run
HAVING COUNT(*) >= :min_denied
ORDER BY denied DESC, first_ts, client, server, clock;
