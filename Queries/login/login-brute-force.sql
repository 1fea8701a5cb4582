-- title:      Passwords that are guessed
-- severity:   high  somebody tries to get in, and perhaps did: see successes
-- meaning:    Many logins failed one after the other: at one server from one client (kind client), or at one
--             account of a server from whatever clients (kind account). A row is one such run of failures
--             that follow each other within gap_s.
-- parameter:  min_failures  integer  attempts  10   shorter runs are left out
-- parameter:  gap_s         integer  s         300  the longest time from one failure to the next
-- needs:      SELECT 1 FROM logins LIMIT 1
-- column:     kind         text     -         client or account: what the failures have in common
-- column:     protocol     text     -         smtp, ftp, imap, pop or http
-- column:     server       text     -         where
-- column:     server_port  integer  -         its port
-- column:     client       text     -         who tried; with account, the first in the order of letters
-- column:     user_name    text     -         the account; with client, the first in the order of letters
-- column:     failures     integer  attempts  that the server refused
-- column:     clients      integer  clients   distinct addresses that tried
-- column:     users        integer  accounts  distinct names that were tried
-- column:     successes    integer  attempts  of the same client or at the same account that were accepted,
--                                             from the first failure to gap_s after the last
-- column:     clock        integer  -         0 for UTC, else the capture whose clock it is
-- column:     first_ts     integer  ns        the first failure
-- column:     last_ts      integer  ns        the last
-- evidence:   SELECT packet_id FROM logins
--             WHERE protocol = :protocol AND server = :server AND server_port = :server_port
--             AND clock = :clock AND duplicate_of IS NULL AND outcome IS NOT NULL
--             AND (:kind = 'client' AND client = :client OR :kind = 'account' AND user_name = :user_name)
--             AND ts >= :first_ts
--             AND (ts <= :last_ts OR outcome = 'success' AND ts <= :last_ts + :gap_s * 1000000000)
-- reference:  MITRE ATT&CK T1110 (Brute Force)
-- reference:  RFC 4954, 6; RFC 959, 5.4; RFC 9110, 15.5.2 (how servers refuse)
-- benign:     A program that goes on with a password that was changed: one client, one account.
-- limits:     What is encrypted is not seen: SSH in login-ssh-runs, by its connections. One that guesses
--             slower than gap_s, or from many clients at many accounts, falls apart. Whom HTTP refuses is
--             counted once for each password and connection.

WITH
attempts AS (  -- an attempt that the server judged, once for each of what it may have in common with others
  SELECT 'client' AS kind, client AS common, clock, protocol, server, server_port, client,
         user_name, outcome, ts, packet_id, position
  FROM logins
  WHERE outcome IS NOT NULL
    AND duplicate_of IS NULL
  UNION ALL
  SELECT 'account', user_name, clock, protocol, server, server_port, client,
         user_name, outcome, ts, packet_id, position
  FROM logins
  WHERE outcome IS NOT NULL
    AND duplicate_of IS NULL
    AND user_name IS NOT NULL
),
spaced AS (  -- a failure; one that begins a run has a 1
  SELECT kind, common, clock, protocol, server, server_port, client, user_name, ts, packet_id,
         position,
         CASE WHEN ts - LAG(ts) OVER w <= :gap_s * 1000000000 THEN 0 ELSE 1 END AS begins
  FROM attempts
  WHERE outcome = 'failure'
  WINDOW w AS (PARTITION BY kind, common, clock, protocol, server, server_port
    ORDER BY ts, packet_id, position)
),
numbered AS (  -- a failure, with the number of its run
  SELECT kind, common, clock, protocol, server, server_port, client, user_name, ts,
         SUM(begins) OVER (PARTITION BY kind, common, clock, protocol, server, server_port
           ORDER BY ts, packet_id, position
           ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS run
  FROM spaced
),
runs AS (  -- a run that is long enough; those by account that one client makes are its own already
  SELECT kind, common, clock, protocol, server, server_port, run, MIN(client) AS client,
         MIN(user_name) AS user_name, COUNT(*) AS failures, COUNT(DISTINCT client) AS clients,
         COUNT(DISTINCT user_name) AS users, MIN(ts) AS first_ts, MAX(ts) AS last_ts
  FROM numbered
  GROUP BY kind, common, clock, protocol, server, server_port, run
  HAVING COUNT(*) >= :min_failures
     AND (kind = 'client' OR COUNT(DISTINCT client) > 1)
)
SELECT r.kind, r.protocol, r.server, r.server_port, r.client, r.user_name, r.failures,
       r.clients, r.users, COUNT(a.ts) AS successes, r.clock, r.first_ts, r.last_ts
FROM runs AS r
LEFT JOIN attempts AS a
  ON a.kind = r.kind AND a.common = r.common AND a.clock = r.clock AND a.protocol = r.protocol
  AND a.server = r.server AND a.server_port = r.server_port AND a.outcome = 'success'
  AND a.ts >= r.first_ts AND a.ts <= r.last_ts + :gap_s * 1000000000
GROUP BY r.kind, r.common, r.protocol, r.server, r.server_port, r.client, r.user_name, r.failures,
         r.clients, r.users, r.clock, r.first_ts, r.last_ts
ORDER BY r.failures DESC, r.first_ts, r.server, r.server_port, r.protocol, r.kind, r.common,
         r.clock;
