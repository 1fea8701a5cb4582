-- title:      Passwords that crossed the network in clear
-- severity:   medium  whoever can listen on the way has them: they are to be changed
-- meaning:    A client logged in without encryption, by a way that sends the password itself: anyone who
--             sees the packets can read it. A row is one client, server and protocol.
-- parameter:  min_attempts  integer  attempts  1  rows with fewer are left out
-- needs:      SELECT 1 FROM logins LIMIT 1
-- column:     client       text     -         who sent passwords
-- column:     server       text     -         to whom
-- column:     server_port  integer  -         its port
-- column:     protocol     text     -         smtp, ftp, imap, pop or http
-- column:     attempts     integer  attempts  with a password in clear
-- column:     successes    integer  attempts  of these, that the server accepted
-- column:     failures     integer  attempts  of these, that it refused; of others nothing is known
-- column:     users        integer  accounts  distinct names
-- column:     user_name    text     -         the first of them in the order of letters; NULL for none
-- column:     mechanism    text     -         likewise of the ways to log in
-- column:     clock        integer  -         0 for UTC, else the capture whose clock it is
-- column:     first_ts     integer  ns        the first attempt
-- column:     last_ts      integer  ns        the last
-- evidence:   SELECT packet_id FROM logins
--             WHERE client = :client AND server = :server AND server_port = :server_port
--             AND protocol = :protocol AND clock = :clock AND in_clear = 1 AND duplicate_of IS NULL
--             AND (protocol <> 'ftp' OR user_name IS NULL OR user_name NOT IN ('anonymous', 'ftp'))
--             UNION ALL SELECT result_packet_id FROM logins
--             WHERE client = :client AND server = :server AND server_port = :server_port
--             AND protocol = :protocol AND clock = :clock AND in_clear = 1 AND duplicate_of IS NULL
--             AND (protocol <> 'ftp' OR user_name IS NULL OR user_name NOT IN ('anonymous', 'ftp'))
--             AND result_packet_id IS NOT NULL
-- reference:  RFC 8314 (cleartext considered obsolete: mail)
-- reference:  RFC 7617, 4 (Basic is no secret), RFC 4217 (TLS for FTP)
-- reference:  MITRE ATT&CK T1040 (Network Sniffing)
-- benign:     A capture inside a host or a tunnel, where nobody else can listen.
-- limits:     Passwords in forms of web pages are not looked for, nor those of LDAP, databases, SNMP and Telnet.
--             FTP's anonymous and ftp, whose password is none, are left out. Digests (APOP, CRAM-MD5,
--             Digest) are none in clear, though weak ones are guessed from them.

WITH
attempts AS (  -- an attempt with a password in clear
  SELECT clock, client, server, server_port, protocol, user_name, mechanism, outcome, ts
  FROM logins
  WHERE in_clear = 1
    AND duplicate_of IS NULL
    AND (protocol <> 'ftp' OR user_name IS NULL OR user_name NOT IN ('anonymous', 'ftp'))
)
SELECT client, server, server_port, protocol, COUNT(*) AS attempts,
       SUM(CASE WHEN outcome = 'success' THEN 1 ELSE 0 END) AS successes,
       SUM(CASE WHEN outcome = 'failure' THEN 1 ELSE 0 END) AS failures,
       COUNT(DISTINCT user_name) AS users, MIN(user_name) AS user_name,
       MIN(mechanism) AS mechanism, clock, MIN(ts) AS first_ts, MAX(ts) AS last_ts
FROM attempts
GROUP BY clock, client, server, server_port, protocol
HAVING COUNT(*) >= :min_attempts
ORDER BY attempts DESC, client, server, server_port, protocol, clock;
