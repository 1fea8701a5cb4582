-- DNS messages of touched keys, and the ICMP errors that quote such a query, in the order of
-- matching. An error that quotes identifier and question tells by itself what was refused; any other
-- has them from the very packet that it is linked to. Redirects, source quench and what tells of a
-- path's MTU refuse nothing: the datagram went on, or is sent again (RFC 792, RFC 1191, RFC 8201).
SELECT 0 AS is_refusal, q.packet_id, p.ts + COALESCE(h.shift_ns, 0) AS ts, p.stream_id, a.conversation_key,
       q.is_response,
       s.src < s.dst OR (s.src = s.dst AND s.src_port <= s.dst_port) AS sender_is_lower,
       q.transport, q.txid, q.qname, q.qtype, c.sha256, q.rcode, q.position
FROM touched_message AS t
CROSS JOIN fact_dns_message AS q ON q.packet_id = t.packet_id
CROSS JOIN fact_packet AS p ON p.packet_id = q.packet_id
CROSS JOIN fact_stream AS s ON s.stream_id = p.stream_id
CROSS JOIN fact_stream AS a ON a.stream_id = s.stream_id - s.stream_id % 2
JOIN fact_capture AS c ON c.capture_id = p.packet_id >> 32
LEFT JOIN custody_alignment AS h ON h.capture_id = c.capture_id
WHERE NOT EXISTS (SELECT 1 FROM derived_duplicate AS d WHERE d.packet_id = q.packet_id)
UNION ALL
SELECT 1, i.packet_id, ip.ts + COALESCE(h.shift_ns, 0), 0, i.key,
       0,
       i.src < i.dst OR (i.src = i.dst AND i.src_port <= i.dst_port),
       CASE i.ip_proto WHEN 6 THEN 1 ELSE 0 END,
       i.txid, i.qname, i.qtype, c.sha256, NULL, 0
FROM (
  SELECT packet_id, version, type, code, quoted_key AS key, quoted_src AS src,
         quoted_src_port AS src_port, quoted_dst AS dst, quoted_dst_port AS dst_port,
         quoted_ip_proto AS ip_proto, quoted_dns_txid AS txid, quoted_qname AS qname,
         quoted_qtype AS qtype
  FROM fact_icmp_message
  WHERE quoted_key IS NOT NULL
    AND quoted_dst_port = 53
    AND quoted_dns_txid IS NOT NULL
    AND quoted_qname IS NOT NULL
    AND quoted_qtype IS NOT NULL
  UNION ALL
  SELECT e.packet_id, e.version, e.type, e.code, oa.conversation_key, os.src, os.src_port, os.dst,
         os.dst_port, os.ip_proto, COALESCE(e.quoted_dns_txid, oq.txid),
         COALESCE(e.quoted_qname, oq.qname), COALESCE(e.quoted_qtype, oq.qtype)
  FROM fact_icmp_message AS e
  JOIN derived_icmp_link AS k ON k.icmp_packet_id = e.packet_id
  JOIN fact_packet AS op ON op.packet_id = k.original_packet_id
  JOIN fact_stream AS os ON os.stream_id = op.stream_id
  JOIN fact_stream AS oa ON oa.stream_id = os.stream_id - os.stream_id % 2
  JOIN fact_dns_message AS oq ON oq.packet_id = k.original_packet_id AND oq.position = 0
  WHERE oq.is_response = 0
    AND (e.quoted_key IS NULL OR e.quoted_dst_port IS NOT 53 OR e.quoted_dns_txid IS NULL
      OR e.quoted_qname IS NULL OR e.quoted_qtype IS NULL)
) AS i
JOIN touched AS t ON t.conversation_key = i.key
JOIN fact_packet AS ip ON ip.packet_id = i.packet_id
JOIN fact_capture AS c ON c.capture_id = i.packet_id >> 32
LEFT JOIN custody_alignment AS h ON h.capture_id = c.capture_id
WHERE NOT EXISTS (SELECT 1 FROM derived_duplicate AS d WHERE d.packet_id = i.packet_id)
  AND CASE i.version
      WHEN 4 THEN (i.type = 3 AND i.code <> 4) OR i.type IN (11, 12)
      ELSE i.type IN (1, 3, 4)
      END
ORDER BY 5, 3, 12, 2, 14;
