-- A message of DHCP, or of BOOTP: what hosts ask for when they join a network, and what they are given.
CREATE VIEW dhcp_messages AS
SELECT b.packet_id,                -- the packet that holds it
       COALESCE(m.flow_id, p.stream_id >> 1) AS flow_id,  -- its flow, in flows
       p.ts,                       -- ns
       s.src,                      -- who sent it; 0.0.0.0 for a client without an address
       s.src_port,                 -- its port
       s.dst,                      -- who it was sent to; 255.255.255.255 for all of the network
       s.dst_port,                 -- its port
       CASE b.message_type
         WHEN 1 THEN 'DISCOVER' WHEN 2 THEN 'OFFER' WHEN 3 THEN 'REQUEST' WHEN 4 THEN 'DECLINE'
         WHEN 5 THEN 'ACK' WHEN 6 THEN 'NAK' WHEN 7 THEN 'RELEASE' WHEN 8 THEN 'INFORM'
         WHEN 9 THEN 'FORCERENEW' WHEN 10 THEN 'LEASEQUERY' WHEN 11 THEN 'LEASEUNASSIGNED'
         WHEN 12 THEN 'LEASEUNKNOWN' WHEN 13 THEN 'LEASEACTIVE' WHEN 14 THEN 'BULKLEASEQUERY'
         WHEN 15 THEN 'LEASEQUERYDONE' WHEN 16 THEN 'ACTIVELEASEQUERY'
         WHEN 17 THEN 'LEASEQUERYSTATUS' WHEN 18 THEN 'TLS'
         ELSE CAST(b.message_type AS TEXT)
       END AS message_type,        -- such as DISCOVER, OFFER, REQUEST, ACK; a number when it has no name; NULL for BOOTP
       CASE b.op WHEN 1 THEN 'request' ELSE 'reply' END AS op,  -- request: to a server; reply: to a client
       b.xid,                      -- the transaction's identifier, which the client chose
       b.seconds,                  -- s since the client began, as it says
       b.is_broadcast,             -- 1 when the client asks that answers go to all of its network
       b.client_mac,               -- the client's hardware address (chaddr), octets parted by colons
       b.client_ip,                -- the address that the client has (ciaddr); NULL for none
       b.your_ip,                  -- the address that it is given (yiaddr); NULL for none
       b.server_ip,                -- the server that it is to boot from (siaddr); NULL for none
       b.relay_ip,                 -- the relay that brought it to the server (giaddr); NULL for none
       b.server_id,                -- who serves, as the server says (option 54)
       b.requested_ip,             -- the address that the client asks for (option 50)
       b.lease_seconds,            -- s that the address is given for (option 51)
       b.subnet_mask,              -- option 1
       b.routers,                  -- parted by commas (option 3)
       b.dns_servers,              -- parted by commas (option 6)
       b.domain,                   -- option 15
       b.host_name,                -- option 12
       b.fqdn,                     -- the client's whole name (option 81, RFC 4702)
       b.vendor_class,             -- what kind of client it is (option 60)
       b.client_id,                -- hexadecimal (option 61)
       b.message,                  -- why it was refused, mostly (option 56)
       b.parameters,               -- the options that the client asks for, parted by commas (option 55); tells systems apart
       b.routes,                   -- such as 10.0.0.0/8 192.0.2.1, parted by commas (option 121, RFC 3442)
       b.proxy_url,                -- where clients find a proxy's settings (option 252)
       b.server_name,              -- option 66, else sname
       b.boot_file,                -- option 67, else file
       b.circuit_id,               -- where the relay heard the client, hexadecimal (option 82, RFC 3046)
       b.remote_id,                -- the client's end of that, hexadecimal (option 82)
       b.position,                 -- among those of its packet, from 0
       b.packet_id >> 32 AS capture_id,          -- the capture that shows it
       (
         SELECT o.packet_id FROM fact_dhcp_message AS o
         WHERE o.packet_id = d.first_packet_id AND o.position = b.position
       ) AS duplicate_of,          -- the first sighting of the same packet, where it shows this as well
       CASE c.time_basis WHEN 'utc' THEN 0 ELSE c.capture_id END
         AS clock                  -- rows of one clock can be compared: 0 for UTC, else the capture
FROM fact_dhcp_message AS b
JOIN fact_packet AS p ON p.packet_id = b.packet_id
LEFT JOIN fact_stream AS s ON s.stream_id = p.stream_id
LEFT JOIN fact_capture AS c ON c.capture_id = b.packet_id >> 32
LEFT JOIN derived_flow_member AS m ON m.conversation_id = p.stream_id >> 1
LEFT JOIN derived_duplicate AS d ON d.packet_id = b.packet_id;
