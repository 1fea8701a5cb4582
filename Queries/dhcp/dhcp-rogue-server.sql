-- title:      DHCP servers that compete, or are not expected
-- severity:   high  who hands out addresses chooses the gateway and the resolver of others
-- meaning:    Several servers answered one client's request with different gateways, resolvers,
--             routes or proxies, and this one is not that which answers most; or it is not on the
--             list of those that are expected. Somebody plugged in a router of their own, or wants
--             to be the gateway of others. A row is one server.
-- parameter:  expected     text     -         auto  addresses of the servers, as option 54 has
--                                                   them, parted by commas; auto lists those that
--                                                   compete and are not the one that answers most
-- parameter:  min_answers  integer  messages  1     servers with fewer are left out
-- needs:      SELECT 1 FROM dhcp_messages WHERE server_id IS NOT NULL AND op = 'reply' LIMIT 1
-- column:     server            text     -         who answers, as it says (option 54)
-- column:     answers           integer  messages  its offers and acknowledgements
-- column:     clients           integer  clients   distinct hardware addresses that it answers
-- column:     contested         integer  requests  that the rival answered too, with other settings
-- column:     routers           text     -         the gateways that it hands out; of several the
--                                                  first, in the order of letters, as in what
--                                                  follows
-- column:     dns_servers       text     -         the resolvers that it hands out
-- column:     rival             text     -         of the servers that it competes with so, the one
--                                                  that answers most; NULL for none
-- column:     rival_answers     integer  messages  of that
-- column:     rival_routers     text     -         that it hands out
-- column:     rival_dns_servers text     -         likewise
-- column:     clock             integer  -         0 for UTC, else the capture whose clock it is
-- column:     first_ts          integer  ns        its first answer
-- column:     last_ts           integer  ns        its last
-- evidence:   SELECT packet_id FROM dhcp_messages
--             WHERE server_id = :server AND op = 'reply' AND message_type IN ('OFFER', 'ACK')
--             AND clock = :clock AND duplicate_of IS NULL
-- reference:  MITRE ATT&CK T1557.003 (DHCP Spoofing)
-- reference:  RFC 2131, 3.1 (several servers may offer) and 2132, 9.7 (the server's identifier)
-- benign:     Two servers that share a network by design, and name each its own resolver first.
--             With equally many answers, each of them is a row.
-- limits:     A server says itself who it is: one that takes the other's identifier is not told
--             apart. Where only one server's answers pass the place of the capture, none competes;
--             name those that are expected then.

WITH
answers AS (  -- an offer or an acknowledgement, and what it tells the client to use
  SELECT clock, server_id AS server, xid, client_mac, routers, dns_servers, ts,
         COALESCE(routers, '') || ' ' || COALESCE(dns_servers, '') || ' '
         || COALESCE(routes, '') || ' ' || COALESCE(proxy_url, '') AS settings
  FROM dhcp_messages
  WHERE op = 'reply'
    AND message_type IN ('OFFER', 'ACK')
    AND server_id IS NOT NULL
    AND duplicate_of IS NULL
),
servers AS (  -- who answers
  SELECT clock, server, COUNT(*) AS answers, COUNT(DISTINCT client_mac) AS clients,
         MIN(routers) AS routers, MIN(dns_servers) AS dns_servers, MIN(ts) AS first_ts,
         MAX(ts) AS last_ts
  FROM answers
  GROUP BY clock, server
),
parts AS (  -- a request, and who answers it with what
  SELECT clock, xid, client_mac, server, MIN(settings) AS settings
  FROM answers
  GROUP BY clock, xid, client_mac, server
),
pairs AS (  -- two servers that answer the same with different settings, and how often
  SELECT a.clock, a.server, b.server AS rival, COUNT(*) AS contested
  FROM parts AS a
  JOIN parts AS b ON b.clock = a.clock AND b.xid = a.xid AND b.client_mac = a.client_mac
  WHERE a.server <> b.server
    AND a.settings <> b.settings
  GROUP BY a.clock, a.server, b.server
),
rivals AS (  -- of each its rivals, those that answer most first
  SELECT p.clock, p.server, p.rival, p.contested, s.answers, s.routers, s.dns_servers,
         ROW_NUMBER() OVER (
           PARTITION BY p.clock, p.server
           ORDER BY s.answers DESC, p.rival) AS place
  FROM pairs AS p
  JOIN servers AS s ON s.clock = p.clock AND s.server = p.rival
)
SELECT s.server, s.answers, s.clients, COALESCE(r.contested, 0) AS contested, s.routers,
       s.dns_servers, r.rival, r.answers AS rival_answers, r.routers AS rival_routers,
       r.dns_servers AS rival_dns_servers, s.clock, s.first_ts, s.last_ts
FROM servers AS s
LEFT JOIN rivals AS r ON r.clock = s.clock AND r.server = s.server AND r.place = 1
WHERE s.answers >= :min_answers
  AND ((:expected = 'auto' AND r.answers >= s.answers)
    OR (:expected <> 'auto'
      AND ',' || replace(:expected, ' ', '') || ',' NOT LIKE '%,' || s.server || ',%'))
ORDER BY s.answers DESC, s.server, s.clock;
