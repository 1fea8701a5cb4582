-- A message of DHCPv6; of one that relays brought, what the client or server sent.
CREATE VIEW dhcpv6_messages AS
SELECT b.packet_id,                -- the packet that holds it
       COALESCE(m.flow_id, p.stream_id >> 1) AS flow_id,  -- its flow, in flows
       p.ts,                       -- ns
       s.src,                      -- who sent it
       s.src_port,                 -- its port
       s.dst,                      -- who it was sent to
       s.dst_port,                 -- its port
       CASE b.message_type
         WHEN 1 THEN 'SOLICIT' WHEN 2 THEN 'ADVERTISE' WHEN 3 THEN 'REQUEST'
         WHEN 4 THEN 'CONFIRM' WHEN 5 THEN 'RENEW' WHEN 6 THEN 'REBIND' WHEN 7 THEN 'REPLY'
         WHEN 8 THEN 'RELEASE' WHEN 9 THEN 'DECLINE' WHEN 10 THEN 'RECONFIGURE'
         WHEN 11 THEN 'INFORMATION-REQUEST' WHEN 12 THEN 'RELAY-FORW' WHEN 13 THEN 'RELAY-REPL'
         WHEN 14 THEN 'LEASEQUERY' WHEN 15 THEN 'LEASEQUERY-REPLY'
         WHEN 16 THEN 'LEASEQUERY-DONE' WHEN 17 THEN 'LEASEQUERY-DATA'
         WHEN 18 THEN 'RECONFIGURE-REQUEST' WHEN 19 THEN 'RECONFIGURE-REPLY'
         WHEN 20 THEN 'DHCPV4-QUERY' WHEN 21 THEN 'DHCPV4-RESPONSE'
         WHEN 22 THEN 'ACTIVELEASEQUERY' WHEN 23 THEN 'STARTTLS'
         ELSE CAST(b.message_type AS TEXT)
       END AS message_type,        -- such as SOLICIT, ADVERTISE, REQUEST, REPLY; RELAY-FORW or RELAY-REPL only where what was relayed cannot be read
       b.transaction_id,           -- 24 bits, which the client chose; NULL for a relay's message
       b.client_duid,              -- who the client is, hexadecimal (option 1)
       b.server_duid,              -- who the server is, hexadecimal (option 2)
       CASE WHEN b.message_type IN (2, 7, 10, 15, 17) THEN b.addresses
       END AS addresses,           -- that a server offers or assigns, parted by commas
       CASE WHEN b.message_type IN (2, 7, 10, 15, 17) THEN b.prefixes
       END AS prefixes,            -- likewise, such as 2001:db8::/56
       CASE WHEN b.message_type NOT IN (2, 7, 10, 15, 17)
            THEN COALESCE(b.addresses || ',' || b.prefixes, b.addresses, b.prefixes)
       END AS requested,           -- addresses and prefixes that a client names: asks for, renews, releases, declines
       b.valid_seconds,            -- s that the first of them is valid
       b.status_code,              -- of the message, else the first beside an address or prefix; 0 is success (option 13)
       CASE b.status_code
         WHEN 0 THEN 'Success' WHEN 1 THEN 'UnspecFail' WHEN 2 THEN 'NoAddrsAvail'
         WHEN 3 THEN 'NoBinding' WHEN 4 THEN 'NotOnLink' WHEN 5 THEN 'UseMulticast'
         WHEN 6 THEN 'NoPrefixAvail'
         ELSE CAST(b.status_code AS TEXT)
       END AS status,              -- the same by name: RFC 8415, 21.13; a number when it has none here
       b.status_message,           -- what goes with it
       b.dns_servers,              -- parted by commas (option 23)
       b.domains,                  -- that names are looked for in, parted by commas (option 24)
       b.fqdn,                     -- the client's whole name (option 39)
       b.parameters,               -- the options that the client asks for, parted by commas (option 6)
       b.relays,                   -- that brought it; NULL for none
       b.link_address,             -- of the relay next to the client: its address there; tells the client's network
       b.peer_address,             -- of the same: the client's address
       b.interface_id,             -- of the same: where it heard the client, hexadecimal (option 18)
       b.position,                 -- among those of its packet, from 0
       b.packet_id >> 32 AS capture_id,          -- the capture that shows it
       (
         SELECT o.packet_id FROM fact_dhcpv6_message AS o
         WHERE o.packet_id = d.first_packet_id AND o.position = b.position
       ) AS duplicate_of,          -- the first sighting of the same packet, where it shows this as well
       CASE c.time_basis WHEN 'utc' THEN 0 ELSE c.capture_id END
         AS clock                  -- rows of one clock can be compared: 0 for UTC, else the capture
FROM fact_dhcpv6_message AS b
JOIN fact_packet AS p ON p.packet_id = b.packet_id
LEFT JOIN fact_stream AS s ON s.stream_id = p.stream_id
LEFT JOIN fact_capture AS c ON c.capture_id = b.packet_id >> 32
LEFT JOIN derived_flow_member AS m ON m.conversation_id = p.stream_id >> 1
LEFT JOIN derived_duplicate AS d ON d.packet_id = b.packet_id;
