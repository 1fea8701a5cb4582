-- The packets of touched keys that were seen at several places. Equal packets stand together, in the
-- order of time.
--
-- Equal is what forwarding leaves unchanged: ends, protocol, IP identification and fragment, TCP
-- sequence number and flags, payload, and what a DNS or ICMP message says. What tcpdump printed
-- shows less of it: where a capture of a key is printed, what is never printed tells nothing apart,
-- and of one time the packet itself comes before its print.
--
-- Numbers that tell packets apart only together stand in one column: less to sort. What is missing
-- gets a number that nothing has.
SELECT s.conversation_key, s.is_from_lower,
       COALESCE(p.payload_length, -1) * 512 + COALESCE(p.tcp_flags, 256) AS segment,
       CASE WHEN q.txid IS NOT NULL THEN q.txid * 2 + q.is_response
            WHEN i.type IS NOT NULL THEN 131072 + i.type * 256 + i.code END AS message,
       CASE WHEN s.is_printed = 0
            THEN COALESCE(p.ip_id, -1) * 65536 + COALESCE(f.offset, 0) END AS datagram,
       CASE WHEN s.is_printed = 0 THEN p.content END AS content,
       p.ts, s.place, p.packet_id
FROM touched_packet AS t
CROSS JOIN spread_stream AS s ON s.stream_id = t.stream_id
CROSS JOIN fact_packet AS p ON p.packet_id = t.packet_id
LEFT JOIN fact_fragment AS f ON f.packet_id = p.packet_id
LEFT JOIN fact_dns_message AS q ON q.packet_id = p.packet_id
LEFT JOIN fact_icmp_message AS i ON i.packet_id = p.packet_id
WHERE p.ts IS NOT NULL
ORDER BY 1, 2, 3, 4, 5, 6, p.ts, s.place, p.packet_id;
