-- An alert of TLS: why a connection is ended, or could not be made.
CREATE VIEW tls_alerts AS
SELECT a.packet_id,                -- the packet that completes it
       COALESCE(m.flow_id, p.stream_id >> 1) AS flow_id,  -- its flow, in flows
       p.ts,                       -- ns
       s.src,                      -- who sent it
       s.src_port,                 -- its port
       s.dst,                      -- who it was sent to
       s.dst_port,                 -- its port
       a.is_server,                -- 1 where the server sent it, 0 a client, NULL where no hello was seen
       a.is_encrypted,             -- 1 where only the kind of its record is seen
       CASE a.level WHEN 1 THEN 'warning' WHEN 2 THEN 'fatal' END
         AS level,                 -- warning or fatal; NULL where it is encrypted
       COALESCE(n.name, CAST(a.description AS TEXT))
         AS description,           -- why, as RFC 8446 names it, such as handshake_failure; NULL where it is encrypted
       a.position,                 -- among those of its packet, from 0
       a.packet_id >> 32 AS capture_id,          -- the capture that shows it
       (
         SELECT o.packet_id FROM fact_tls_alert AS o
         WHERE o.packet_id = d.first_packet_id AND o.position = a.position
       ) AS duplicate_of,          -- the first sighting of the same packet, where it shows this as well
       CASE c.time_basis WHEN 'utc' THEN 0 ELSE c.capture_id END
         AS clock                  -- rows of one clock can be compared: 0 for UTC, else the capture
FROM fact_tls_alert AS a
JOIN fact_packet AS p ON p.packet_id = a.packet_id
LEFT JOIN fact_stream AS s ON s.stream_id = p.stream_id
LEFT JOIN fact_capture AS c ON c.capture_id = a.packet_id >> 32
LEFT JOIN derived_flow_member AS m ON m.conversation_id = p.stream_id >> 1
LEFT JOIN derived_duplicate AS d ON d.packet_id = a.packet_id
LEFT JOIN lookup_tls_alert AS n ON n.description = a.description;
