-- The packets of touched keys that were seen at several places. Equal packets stand together, in the
-- order of time.
--
-- Equal is what forwarding leaves unchanged: ends, protocol, IP identification and fragment, TCP
-- sequence number and flags, payload, and what a DNS or ICMP message says. What tcpdump printed
-- shows less of it: where a capture of a key is printed, what is never printed tells nothing apart,
-- and of one time the packet itself comes before its print.
SELECT s.sender, p.payload_length, p.tcp_flags, q.txid, q.is_response, i.type, i.code,
       CASE WHEN s.is_printed = 0 THEN p.ip_id END AS ip_id,
       CASE WHEN s.is_printed = 0 THEN p.content END AS content,
       CASE WHEN s.is_printed = 0 THEN f.offset END AS fragment_offset,
       p.ts, s.place, p.packet_id
FROM touched_packet AS t
CROSS JOIN spread_stream AS s ON s.stream_id = t.stream_id
CROSS JOIN fact_packet AS p ON p.packet_id = t.packet_id
LEFT JOIN fact_fragment AS f ON f.packet_id = p.packet_id
LEFT JOIN fact_dns_message AS q ON q.packet_id = p.packet_id
LEFT JOIN fact_icmp_message AS i ON i.packet_id = p.packet_id
WHERE p.ts IS NOT NULL
ORDER BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, p.ts, s.place, p.packet_id;
