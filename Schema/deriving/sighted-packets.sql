-- A packet that may be one of several sightings, with what tells it from others: a view of its own, since
-- captures are read in two ways.
--
-- Equal is what forwarding leaves unchanged: ends, protocol, IP identification and fragment, TCP
-- sequence number and flags, payload, and what a DNS or ICMP message says. Numbers that tell packets
-- apart only together stand in one column; what is missing gets a number that nothing has. Packets
-- without a time are no sightings, nor are those that repeat another to the byte, which whoever reads this
-- leaves out.
CREATE TEMP VIEW IF NOT EXISTS sighted_packet AS
SELECT p.packet_id, p.ts, p.stream_id,
       COALESCE(p.payload_length, -1) * 512 + COALESCE(p.tcp_flags, 256) AS segment,
       CASE
       WHEN p.protocol = 13 THEN (
         SELECT q.txid * 2 + q.is_response FROM fact_dns_message AS q
         WHERE q.packet_id = p.packet_id AND q.position = 0)
       WHEN p.protocol IN (9, 10) THEN (
         SELECT 131072 + i.type * 256 + i.code FROM fact_icmp_message AS i
         WHERE i.packet_id = p.packet_id)
       ELSE -1
       END AS message,
       COALESCE(p.ip_id, -1) * 65536
         + COALESCE((SELECT f.offset FROM fact_fragment AS f WHERE f.packet_id = p.packet_id), 0)
         AS datagram,
       COALESCE(p.content, 4294967296) AS content
FROM fact_packet AS p
WHERE p.ts IS NOT NULL;
