-- The conversations of touched streams, both directions in a row; those of one key together, in the
-- order of time. Ties are broken by the capture's digest, so that the order in which captures
-- were ingested tells nothing. Packets seen before at another place are not counted again, nor do their
-- times count. Where a capture shows the link-layer sender alone, what is not IP has no ends, and no order
-- but time.
WITH
directed AS (  -- a conversation, with the end that sent first before the other
  SELECT a.*,
         COALESCE(a.src, CASE WHEN l.eth_dst IS NOT NULL THEN l.eth_src END, '') AS end_a,
         COALESCE(a.dst, l.eth_dst, '') AS end_b,
         COALESCE(a.src_port, 0) AS port_a,
         COALESCE(a.dst_port, 0) AS port_b,
         c.sha256, COALESCE(h.shift_ns, 0) AS shift_ns, p.ts, d.first_packet_id
  FROM touched_stream AS t
  CROSS JOIN fact_stream AS a ON a.stream_id = t.stream_id AND a.stream_id % 2 = 0
  JOIN fact_capture AS c ON c.capture_id = a.capture_id
  JOIN fact_packet AS p ON p.packet_id = (a.capture_id << 32 | a.first_packet)
  LEFT JOIN derived_duplicate AS d ON d.packet_id = p.packet_id
  LEFT JOIN fact_link AS l ON l.link_id = a.link_id
  LEFT JOIN custody_alignment AS h ON h.capture_id = a.capture_id
)
SELECT a.stream_id >> 1 AS id, a.conversation_key, a.ip_proto,
       a.src, a.src_port, a.dst, a.dst_port,
       a.end_a < a.end_b OR (a.end_a = a.end_b AND a.port_a <= a.port_b) AS a_is_lower,
       a.packets - COALESCE(ra.packets, 0) AS packets, a.bytes - COALESCE(ra.bytes, 0) AS bytes,
       a.payload_bytes - COALESCE(ra.payload_bytes, 0) AS payload_bytes,
       CASE WHEN ra.stream_id IS NULL THEN a.ts ELSE ra.event_ts END + a.shift_ns AS first_ts,
       CASE WHEN ra.stream_id IS NULL THEN a.ts + a.duration_ns ELSE ra.last_event_ts END + a.shift_ns
         AS last_ts,
       a.tcp_flags, a.tcp_isn,
       b.packets - COALESCE(rb.packets, 0) AS b_packets,
       b.bytes - COALESCE(rb.bytes, 0) AS b_bytes,
       b.payload_bytes - COALESCE(rb.payload_bytes, 0) AS b_payload_bytes,
       CASE WHEN rb.stream_id IS NULL THEN p.ts ELSE rb.event_ts END + a.shift_ns AS b_first_ts,
       CASE WHEN rb.stream_id IS NULL THEN p.ts + b.duration_ns ELSE rb.last_event_ts END + a.shift_ns
         AS b_last_ts,
       b.tcp_flags AS b_tcp_flags, b.tcp_isn AS b_tcp_isn,
       f.stream_id >> 1 AS shown_by
FROM directed AS a
LEFT JOIN fact_stream AS b ON b.stream_id = a.stream_id + 1
LEFT JOIN fact_packet AS p ON p.packet_id = (b.capture_id << 32 | b.first_packet)
LEFT JOIN repeated_stream AS ra ON ra.stream_id = a.stream_id
LEFT JOIN repeated_stream AS rb ON rb.stream_id = b.stream_id
LEFT JOIN fact_packet AS f ON f.packet_id = a.first_packet_id
ORDER BY a.conversation_key, COALESCE(min(first_ts, b_first_ts), first_ts, b_first_ts), a.sha256, a.stream_id;
