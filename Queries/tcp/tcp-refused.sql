-- title:      TCP connections that were refused
-- severity:   high  a service that clients keep asking for is not there
-- meaning:    The server answers a SYN with a reset: nothing listens on that port, or a firewall in its
--             name says no. A row is one server and port.
-- parameter:  min_refused  integer  connections  3  rows with fewer are left out
-- needs:      SELECT 1 FROM flows WHERE ip_proto = 6 LIMIT 1
-- column:     server    text     -            who was asked
-- column:     port      integer  -            its port
-- column:     refused   integer  connections  that were reset before they were open
-- column:     clients   integer  clients      distinct addresses that were told so
-- column:     client    text     -            the first of them, by address
-- column:     accepted  integer  connections  to the same server and port that were not
-- column:     clock     integer  -            0 for UTC, else the capture whose clock it is
-- column:     first_ts  integer  ns           the first SYN
-- column:     last_ts   integer  ns           the last packet
-- evidence:   SELECT p.packet_id FROM packets AS p
--             JOIN flows AS f ON f.flow_id = p.flow_id
--             WHERE p.dst = :server AND p.dst_port = :port AND p.ip_proto = 6
--             AND p.clock = :clock AND p.ts >= :first_ts AND p.ts <= :last_ts
--             AND p.duplicate_of IS NULL AND f.state = 'REJ'
--             UNION ALL SELECT p.packet_id FROM packets AS p
--             JOIN flows AS f ON f.flow_id = p.flow_id
--             WHERE p.src = :server AND p.src_port = :port AND p.ip_proto = 6
--             AND p.clock = :clock AND p.ts >= :first_ts AND p.ts <= :last_ts
--             AND p.duplicate_of IS NULL AND f.state = 'REJ'
-- reference:  RFC 9293, 3.5.2 (reset generation, group 1)
-- reference:  Zeek, conn.log, conn_state REJ
-- benign:     A scanner tries ports on purpose (MITRE ATT&CK T1046); a service is restarted, and takes
--             connections again seconds later: then some were accepted.
-- limits:     Who sent the reset cannot be told: firewalls send it in the server's name. A refusal by
--             ICMP is none here. Connections without a time are not counted.

WITH
answers AS (  -- a connection that the server answered, with a 1 when it refused
  SELECT clock, server, server_port, CASE WHEN state = 'REJ' THEN 1 ELSE 0 END AS is_refused,
         client AS asker, first_ts AS since_ts, last_ts AS until_ts
  FROM flows
  WHERE ip_proto = 6
    AND packets_to_client > 0
    AND first_ts IS NOT NULL
),
counted AS (  -- a server's port, and what became of those who asked for it
  SELECT clock, server, server_port, SUM(is_refused) AS refused,
         COUNT(DISTINCT CASE WHEN is_refused = 1 THEN asker END) AS clients,
         MIN(CASE WHEN is_refused = 1 THEN asker END) AS client,
         SUM(1 - is_refused) AS accepted,
         MIN(CASE WHEN is_refused = 1 THEN since_ts END) AS first_ts,
         MAX(CASE WHEN is_refused = 1 THEN until_ts END) AS last_ts
  FROM answers
  GROUP BY clock, server, server_port
)
SELECT server, server_port AS port, refused, clients, client, accepted, clock, first_ts, last_ts
FROM counted
WHERE refused >= :min_refused
ORDER BY refused DESC, first_ts, server, server_port, clock;
