-- title:      Clients that no DHCP server offers an address
-- severity:   high  such a host is on no network until somebody answers it
-- meaning:    A client asks who gives it an address (DHCPDISCOVER), again and again, and nobody
--             offers one: the server is down or has no address left, a relay does not pass the
--             question on, or the client is not welcome. A row is one client.
-- parameter:  window_s       integer  s         10  how long an offer may take
-- parameter:  min_discovers  integer  messages  3   clients with fewer without an offer are left
--                                                   out
-- needs:      SELECT 1 FROM dhcp_messages WHERE message_type = 'DISCOVER' LIMIT 1
-- column:     client_mac  text     -         the client's hardware address
-- column:     host_name   text     -         as the client calls itself; of several the first, in
--                                            the order of letters
-- column:     relay_ip    text     -         the relay that passed it on; of several the first
-- column:     unanswered  integer  messages  DHCPDISCOVERs without an offer
-- column:     answered    integer  messages  those with one
-- column:     requests    integer  -         distinct transactions of those without
-- column:     clock       integer  -         0 for UTC, else the capture whose clock it is
-- column:     first_ts    integer  ns        the first without
-- column:     last_ts     integer  ns        the last
-- evidence:   SELECT d.packet_id FROM dhcp_messages AS d
--             JOIN captures AS c ON c.capture_id = d.capture_id
--             WHERE d.message_type = 'DISCOVER' AND d.client_mac = :client_mac
--             AND d.clock = :clock AND d.ts >= :first_ts AND d.ts <= :last_ts
--             AND d.duplicate_of IS NULL AND d.ts + :window_s * 1000000000 <= c.last_ts
--             AND d.packet_id NOT IN (
--               SELECT q.packet_id FROM dhcp_messages AS q
--               JOIN (SELECT DISTINCT xid, clock, ts FROM dhcp_messages
--                 WHERE op = 'reply' AND client_mac = :client_mac) AS r
--               ON r.xid = q.xid AND r.clock = q.clock
--               WHERE q.message_type = 'DISCOVER' AND q.client_mac = :client_mac
--               AND r.ts >= q.ts AND r.ts <= q.ts + :window_s * 1000000000)
--             AND (d.is_broadcast = 1
--               OR d.capture_id IN (SELECT capture_id FROM dhcp_messages
--                 WHERE op = 'reply' AND client_mac = :client_mac)
--               OR d.packet_id IN (SELECT q.packet_id FROM dhcp_messages AS q
--                 JOIN (SELECT DISTINCT capture_id, relay_ip FROM dhcp_messages
--                   WHERE op = 'reply' AND relay_ip IS NOT NULL) AS r
--                 ON r.capture_id = q.capture_id AND r.relay_ip = q.relay_ip
--                 WHERE q.client_mac = :client_mac)
--               OR d.capture_id IN (SELECT capture_id FROM dhcp_messages
--                 WHERE op = 'reply' AND dst <> '255.255.255.255' AND relay_ip IS NULL
--                 GROUP BY capture_id HAVING COUNT(DISTINCT client_mac) > 1))
-- reference:  RFC 2131, 3.1 (how an address is given) and 4.1 (how often a client asks again)
-- benign:     A network without DHCP, where hosts take link-local addresses; a server that answers
--             known clients alone.
-- limits:     Only where an offer would be seen: the client asks for answers to all, or the same
--             capture shows answers to it, to its relay, or to two other clients each by itself.
--             Asks for answers to all are believed to be obeyed. What a client asks at the end of
--             a capture is left out.

WITH
replies AS (  -- a server's message; DISTINCT has these found first
  SELECT DISTINCT clock, capture_id, xid, client_mac, relay_ip, dst, ts
  FROM dhcp_messages
  WHERE op = 'reply'
    AND client_mac IS NOT NULL
),
clients AS (  -- a client that a capture shows an answer to
  SELECT DISTINCT capture_id, client_mac
  FROM replies
),
relays AS (  -- a relay that a capture shows an answer to
  SELECT DISTINCT capture_id, relay_ip
  FROM replies
  WHERE relay_ip IS NOT NULL
),
places AS (  -- a capture that shows what servers send to each of several clients
  SELECT capture_id
  FROM replies
  WHERE dst <> '255.255.255.255'
    AND relay_ip IS NULL
  GROUP BY capture_id
  HAVING COUNT(DISTINCT client_mac) > 1
),
discovers AS (  -- a question whose answer would be seen, behind which the capture goes on
  SELECT d.packet_id, d.clock, d.client_mac, d.host_name, d.relay_ip, d.xid, d.ts
  FROM dhcp_messages AS d
  JOIN captures AS c ON c.capture_id = d.capture_id
  LEFT JOIN clients AS k ON k.capture_id = d.capture_id AND k.client_mac = d.client_mac
  LEFT JOIN relays AS r ON r.capture_id = d.capture_id AND r.relay_ip = d.relay_ip
  LEFT JOIN places AS p ON p.capture_id = d.capture_id
  WHERE d.message_type = 'DISCOVER'
    AND d.duplicate_of IS NULL
    AND d.client_mac IS NOT NULL
    AND d.ts + :window_s * 1000000000 <= c.last_ts
    AND (d.is_broadcast = 1
         OR k.capture_id IS NOT NULL
         OR r.capture_id IS NOT NULL
         OR p.capture_id IS NOT NULL)
),
answered AS (  -- one of these that was answered in time
  SELECT d.packet_id
  FROM discovers AS d
  JOIN replies AS r ON r.clock = d.clock AND r.client_mac = d.client_mac AND r.xid = d.xid
  WHERE r.ts >= d.ts
    AND r.ts <= d.ts + :window_s * 1000000000
),
judged AS (  -- each with a 1 when it was
  SELECT clock, client_mac, host_name, relay_ip, xid, ts,
         CASE WHEN packet_id IN (SELECT packet_id FROM answered) THEN 1 ELSE 0 END AS is_answered
  FROM discovers
)
SELECT client_mac, MIN(host_name) AS host_name, MIN(relay_ip) AS relay_ip,
       SUM(1 - is_answered) AS unanswered, SUM(is_answered) AS answered,
       COUNT(DISTINCT CASE WHEN is_answered = 0 THEN xid END) AS requests, clock,
       MIN(CASE WHEN is_answered = 0 THEN ts END) AS first_ts,
       MAX(CASE WHEN is_answered = 0 THEN ts END) AS last_ts
FROM judged
GROUP BY clock, client_mac
HAVING SUM(1 - is_answered) >= :min_discovers
ORDER BY unanswered DESC, client_mac, clock;
