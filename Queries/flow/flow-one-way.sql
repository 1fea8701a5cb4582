-- title:      Flows that nobody answered
-- severity:   low  something talks to a host that is gone, or does not hear its answers
-- meaning:    A client sent packet after packet and got none back, though the captures show packets
--             to it: the server is off, a filter drops them, or the answers take another way. A row
--             is one client, server, protocol and port.
-- parameter:  min_packets  integer  packets  6  flows with fewer are left out
-- needs:      SELECT 1 FROM flows WHERE server IS NOT NULL LIMIT 1
-- column:     client    text     -        who sent
-- column:     server    text     -        who did not answer
-- column:     ip_proto  integer  -        IANA protocol number: 6 TCP, 17 UDP
-- column:     port      integer  -        the server's port; NULL for what has none
-- column:     service   text     -        by that port; NULL when it is not well known
-- column:     flows     integer  flows    without an answer, and with min_packets or more
-- column:     packets   integer  packets  in them
-- column:     octets    integer  octets   on the wire, link layer included
-- column:     clock     integer  -        0 for UTC, else the capture whose clock it is
-- column:     first_ts  integer  ns       the first packet
-- column:     last_ts   integer  ns       the last packet
-- evidence:   SELECT packet_id
--             FROM (
--               SELECT p.packet_id,
--                 ROW_NUMBER() OVER (PARTITION BY f.flow_id ORDER BY p.ts, p.packet_id) AS place
--               FROM packets AS p
--               JOIN flows AS f ON f.flow_id = p.flow_id
--               WHERE p.src = :client AND p.dst = :server AND p.ip_proto = :ip_proto
--               AND p.dst_port IS NOT DISTINCT FROM :port AND f.packets_to_client = 0
--               AND f.packets_to_server >= :min_packets AND f.clock = :clock
--               AND (f.ip_proto <> 6 OR f.state = 'S0')
--               AND p.duplicate_of IS NULL) AS sent
--             WHERE place <= :min_packets
-- reference:  RFC 9293, 3.8.3 (how long a connection is tried for)
-- reference:  RFC 5103, 2 (flows of one direction and of both)
-- benign:     Protocols that ask for no answer: those that are known, such as syslog, SNMP traps,
--             NetFlow, sFlow and tunnels, are left out; others, such as streams of sound, are not.
-- limits:     A capture that shows one direction alone makes every flow look like this: so flows of
--             clients to which no packet was captured are left out, and TCP of which no beginning was
--             seen (see one-sided in capture-quality). Multicast, broadcast and ICMP are left out,
--             but not what is sent to another network's broadcast address. Of each flow the first
--             min_packets packets are cited.

WITH
unanswered AS (  -- a flow that nobody answered
  SELECT client, server, ip_proto, server_port AS port, service, packets_to_server AS packets,
         bytes_to_server AS octets, clock, first_ts, last_ts
  FROM flows
  WHERE packets_to_client = 0
    AND packets_to_server >= :min_packets
    AND ip_proto NOT IN (1, 58)
    AND (ip_proto <> 6 OR state = 'S0')
    AND is_group = 0
    AND COALESCE(service, '-') NOT IN (
      'syslog', 'snmptrap', 'cflow', 'sflow', 'vxlan', 'geneve', 'gtp-u')
),
clients AS (  -- who sent them
  SELECT client
  FROM unanswered
  GROUP BY client
),
reached AS (  -- such a client to which the captures show packets
  SELECT client
  FROM clients
  WHERE EXISTS (SELECT 1 FROM packets AS p WHERE p.dst = clients.client)
)
SELECT u.client, u.server, u.ip_proto, u.port, MIN(u.service) AS service, COUNT(*) AS flows,
       SUM(u.packets) AS packets, SUM(u.octets) AS octets, u.clock,
       MIN(u.first_ts) AS first_ts, MAX(u.last_ts) AS last_ts
FROM unanswered AS u
JOIN reached AS r ON r.client = u.client
GROUP BY u.clock, u.client, u.server, u.ip_proto, u.port
ORDER BY packets DESC, u.client, u.server, u.ip_proto, u.port NULLS LAST, u.clock;
