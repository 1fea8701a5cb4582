-- title:      Services on ports that are not theirs
-- severity:   medium  what a filter or a log takes for one service, or for none, is another
-- meaning:    What a flow carries tells that it is of a protocol that has another port, or none of the
--             port's: a server that somebody hides, a tunnel through a port that is let pass, or one that
--             was set up so. A row is one server, its port, and what it carries there.
-- parameter:  fine_ports     text     -      8000,8008,8080,8081,8088,8443,8888,9443  ports that may carry
--                                            anything, parted by commas
-- parameter:  fine_services  text     -      rtp,quic  what may be at any port: its ends agree on one
-- parameter:  min_flows      integer  flows  1  rows with fewer are left out
-- needs:      SELECT 1 FROM flows WHERE content_service IS NOT NULL LIMIT 1
-- column:     server        text     -        who has it
-- column:     ip_proto      integer  -        IANA protocol number: 6 TCP, 17 UDP
-- column:     port          integer  -        the server's
-- column:     carries       text     -        what the flows are of, by their content
-- column:     port_service  text     -        what is usual at the port; NULL when nothing is
-- column:     flows         integer  flows    of it
-- column:     clients       integer  clients  distinct addresses in these
-- column:     client        text     -        the first of them, by address
-- column:     octets        integer  octets   both ways, on the wire
-- column:     clock         integer  -        0 for UTC, else the capture whose clock it is
-- column:     first_ts      integer  ns       the first packet
-- column:     last_ts       integer  ns       the last packet
-- evidence:   SELECT MIN(p.packet_id) AS packet_id FROM flows AS f
--             JOIN flow_streams AS s ON s.flow_id = f.flow_id
--             JOIN packets AS p ON p.stream_id = s.stream_id
--             WHERE f.server = :server AND f.ip_proto = :ip_proto AND f.server_port = :port
--             AND f.content_service = :carries AND f.clock = :clock
--             AND p.protocol = :carries AND p.duplicate_of IS NULL
--             GROUP BY f.flow_id
-- reference:  MITRE ATT&CK T1571 (Non-Standard Port)
-- reference:  MITRE ATT&CK T1572 (Protocol Tunneling)
-- reference:  RFC 6335, 6 (what a port number tells, and what not)
-- benign:     A second server of one host, a test, a proxy; a program that its vendor gave a port that
--             nobody registered. Whoever runs the server knows.
-- limits:     Only what is known by its content is told; what is encrypted inside of TLS counts as TLS.
--             Of a flow whose beginning was not captured, the client may be taken for the server.
--             Multicast and broadcast are left out. Of each flow the first packet is cited that was read
--             as what it carries.

WITH
foreign_flows AS (  -- a flow of another protocol than that of its server's port
  SELECT server, ip_proto, server_port, content_service, port_service, client, clock,
         bytes_to_server + bytes_to_client AS octets, first_ts, last_ts
  FROM flows
  WHERE content_service IS NOT NULL
    AND (port_service IS NULL OR port_service <> service)
    AND is_group = 0
    AND server IS NOT NULL
    AND ',' || :fine_ports || ',' NOT LIKE '%,' || CAST(server_port AS VARCHAR(5)) || ',%'
    AND ',' || :fine_services || ',' NOT LIKE '%,' || content_service || ',%'
)
SELECT server, ip_proto, server_port AS port, content_service AS carries, port_service,
       COUNT(*) AS flows, COUNT(DISTINCT client) AS clients, MIN(client) AS client,
       SUM(octets) AS octets, clock, MIN(first_ts) AS first_ts, MAX(last_ts) AS last_ts
FROM foreign_flows
GROUP BY clock, server, ip_proto, server_port, content_service, port_service
HAVING COUNT(*) >= :min_flows
ORDER BY CASE WHEN port_service IS NULL THEN 1 ELSE 0 END, flows DESC, server, ip_proto, port, carries,
         clock;
