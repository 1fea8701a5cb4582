-- DNS messages of touched keys, and the ICMP errors that quote such a message, in the order of
-- matching. An error that does not quote the identifier and the question has them from the very
-- packet that it is linked to.
SELECT 0 AS is_refusal, q.packet_id, p.ts, p.stream_id, t.conversation_key,
       q.is_response,
       s.src < s.dst OR (s.src = s.dst AND s.src_port <= s.dst_port) AS sender_is_lower,
       q.transport, q.txid, q.qname, q.qtype, c.sha256, q.rcode
FROM touched AS t
CROSS JOIN fact_stream AS a ON a.conversation_key = t.conversation_key
CROSS JOIN fact_stream AS s ON s.stream_id IN (a.stream_id, a.stream_id + 1)
CROSS JOIN fact_packet AS p ON p.stream_id = s.stream_id
JOIN fact_dns_message AS q ON q.packet_id = p.packet_id
JOIN fact_capture AS c ON c.capture_id = p.packet_id >> 32
WHERE NOT EXISTS (SELECT 1 FROM derived_duplicate AS d WHERE d.packet_id = q.packet_id)
UNION ALL
SELECT 1, i.packet_id, ip.ts, 0, oa.conversation_key,
       COALESCE(oq.is_response, 0),
       os.src < os.dst OR (os.src = os.dst AND os.src_port <= os.dst_port),
       CASE COALESCE(i.quoted_ip_proto, os.ip_proto) WHEN 6 THEN 1 ELSE 0 END,
       COALESCE(i.quoted_dns_txid, oq.txid), COALESCE(i.quoted_qname, oq.qname),
       COALESCE(i.quoted_qtype, oq.qtype), c.sha256, NULL
FROM fact_icmp_message AS i
JOIN fact_packet AS ip ON ip.packet_id = i.packet_id
JOIN fact_capture AS c ON c.capture_id = i.packet_id >> 32
JOIN derived_icmp_link AS k ON k.icmp_packet_id = i.packet_id
JOIN fact_packet AS op ON op.packet_id = k.original_packet_id
JOIN fact_stream AS os ON os.stream_id = op.stream_id
JOIN fact_stream AS oa ON oa.stream_id = os.stream_id - os.stream_id % 2
JOIN touched AS t ON t.conversation_key = oa.conversation_key
JOIN fact_dns_message AS oq ON oq.packet_id = k.original_packet_id
WHERE oq.is_response = 0
  AND NOT EXISTS (SELECT 1 FROM derived_duplicate AS d WHERE d.packet_id = i.packet_id)
ORDER BY 5, 3, 12, 2;
