-- title:      Clients whose address DHCP servers refuse
-- severity:   medium  the client loses its address, and begins anew each time
-- meaning:    A client asks for an address, mostly the one that it had, and a server refuses it
--             (DHCPNAK), several times: the client moved to another network, two servers know
--             nothing of each other, or an authoritative one refuses what it does not know. A row
--             is one client and server.
-- parameter:  min_refusals  integer  messages  3  rows with fewer are left out
-- needs:      SELECT 1 FROM dhcp_messages WHERE message_type IS NOT NULL LIMIT 1
-- column:     client_mac  text     -         the client's hardware address
-- column:     server      text     -         who refuses, as it says, else by its address
-- column:     refusals    integer  messages  of the two
-- column:     message     text     -         why, as the server says; of several the first, in the
--                                            order of letters
-- column:     clock       integer  -         0 for UTC, else the capture whose clock it is
-- column:     first_ts    integer  ns        the first
-- column:     last_ts     integer  ns        the last
-- evidence:   SELECT packet_id FROM dhcp_messages
--             WHERE message_type = 'NAK' AND client_mac = :client_mac
--             AND COALESCE(server_id, src) = :server AND clock = :clock AND duplicate_of IS NULL
-- reference:  RFC 2131, 3.1, step 4, and 4.3.2 (when a server refuses)
-- benign:     A laptop that comes from another network is refused once or twice, and asks anew.
-- limits:     What the client asked for is in its own messages, dhcp_messages, which the capture
--             need not hold.

SELECT client_mac, COALESCE(server_id, src) AS server, COUNT(*) AS refusals,
       MIN(message) AS message, clock, MIN(ts) AS first_ts, MAX(ts) AS last_ts
FROM dhcp_messages
WHERE message_type = 'NAK'
  AND client_mac IS NOT NULL
  AND duplicate_of IS NULL
GROUP BY clock, client_mac, COALESCE(server_id, src)
HAVING COUNT(*) >= :min_refusals
ORDER BY refusals DESC, client_mac, server, clock;
