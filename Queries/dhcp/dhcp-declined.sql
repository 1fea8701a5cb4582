-- title:      Addresses that clients declined, for others have them
-- severity:   medium  an address that two hosts have works for neither
-- meaning:    A client was given an address, asked the network whether it is in use, and was told
--             so (DHCPDECLINE): somebody set it by hand, a second server hands it out, or somebody
--             answers for every address. A row is one address.
-- parameter:  min_declines  integer  messages  1  addresses with fewer are left out
-- needs:      SELECT 1 FROM dhcp_messages WHERE message_type IS NOT NULL LIMIT 1
-- column:     address     text     -         that was declined
-- column:     declines    integer  messages  of it
-- column:     clients     integer  clients   distinct hardware addresses that decline it
-- column:     client_mac  text     -         the first of them, in the order of letters
-- column:     server_id   text     -         who had given it; of several the first
-- column:     message     text     -         why, as a client says; of several the first
-- column:     clock       integer  -         0 for UTC, else the capture whose clock it is
-- column:     first_ts    integer  ns        the first
-- column:     last_ts     integer  ns        the last
-- evidence:   SELECT packet_id FROM dhcp_messages
--             WHERE message_type = 'DECLINE' AND requested_ip = :address AND clock = :clock
--             AND duplicate_of IS NULL
-- reference:  RFC 2131, 3.1, step 5 (when a client declines) and 4.4.4 (how)
-- reference:  RFC 5227, 2.1 (how it finds out)
-- benign:     A host that was set up by hand inside of the server's range; a switch that answers
--             for hosts.
-- limits:     Tells what clients found, not who has the address: arp-conflict may. Who wants a
--             server to run out of addresses can decline each of them.

SELECT requested_ip AS address, COUNT(*) AS declines, COUNT(DISTINCT client_mac) AS clients,
       MIN(client_mac) AS client_mac, MIN(server_id) AS server_id, MIN(message) AS message, clock,
       MIN(ts) AS first_ts, MAX(ts) AS last_ts
FROM dhcp_messages
WHERE message_type = 'DECLINE'
  AND requested_ip IS NOT NULL
  AND duplicate_of IS NULL
GROUP BY clock, requested_ip
HAVING COUNT(*) >= :min_declines
ORDER BY declines DESC, requested_ip, clock;
