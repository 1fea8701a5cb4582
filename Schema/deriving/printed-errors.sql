-- ICMP errors of printed captures that name the quoted server and port, but not the client's port:
-- they have no conversation key, and no link yet.
SELECT i.packet_id, p.ts, i.quoted_src, i.quoted_dst, i.quoted_dst_port, i.quoted_ip_proto
FROM fact_icmp_message AS i
JOIN fact_packet AS p ON p.packet_id = i.packet_id
WHERE i.quoted_key IS NULL
  AND i.quoted_dst IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM derived_icmp_link AS k WHERE k.icmp_packet_id = i.packet_id)
ORDER BY i.packet_id;
