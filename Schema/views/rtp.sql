-- A stream of RTP over UDP: one row for each sender and SSRC, of the first packet that is surely RTP. That is one
-- which goes where SIP said, or the fourth that came in order.
CREATE VIEW rtp_streams AS
SELECT b.packet_id,                -- the packet that made it sure
       COALESCE(m.flow_id, p.stream_id >> 1) AS flow_id,  -- its flow, in flows
       p.ts,                       -- ns
       s.src,                      -- who sends it
       s.src_port,                 -- its port
       s.dst,                      -- who it is sent to
       s.dst_port,                 -- its port
       printf('0x%08x', b.ssrc) AS ssrc,  -- its number, in hexadecimal digits
       b.payload_type,             -- of that packet
       CASE b.payload_type WHEN 0 THEN 'PCMU' WHEN 3 THEN 'GSM' WHEN 4 THEN 'G723' WHEN 5 THEN 'DVI4'
         WHEN 6 THEN 'DVI4' WHEN 7 THEN 'LPC' WHEN 8 THEN 'PCMA' WHEN 9 THEN 'G722' WHEN 10 THEN 'L16'
         WHEN 11 THEN 'L16' WHEN 12 THEN 'QCELP' WHEN 13 THEN 'CN' WHEN 14 THEN 'MPA' WHEN 15 THEN 'G728'
         WHEN 16 THEN 'DVI4' WHEN 17 THEN 'DVI4' WHEN 18 THEN 'G729' WHEN 25 THEN 'CelB' WHEN 26 THEN 'JPEG'
         WHEN 28 THEN 'nv' WHEN 31 THEN 'H261' WHEN 32 THEN 'MPV' WHEN 33 THEN 'MP2T' WHEN 34 THEN 'H263'
         END AS payload_name,      -- as RFC 3551 has it; NULL for those that each session defines
       b.first_packet_id,          -- the first packet of it that was seen
       b.announced_packet_id,      -- the SIP message that says that media go there; NULL where it was told by order
       b.position,                 -- always 0
       b.packet_id >> 32 AS capture_id,          -- the capture that shows it
       (
         SELECT o.packet_id FROM fact_rtp_stream AS o
         WHERE o.packet_id = d.first_packet_id AND o.position = b.position
       ) AS duplicate_of,          -- the first sighting of the same packet, where it shows this as well
       CASE c.time_basis WHEN 'utc' THEN 0 ELSE c.capture_id END
         AS clock                  -- rows of one clock can be compared: 0 for UTC, else the capture
FROM fact_rtp_stream AS b
JOIN fact_packet AS p ON p.packet_id = b.packet_id
LEFT JOIN fact_stream AS s ON s.stream_id = p.stream_id
LEFT JOIN fact_capture AS c ON c.capture_id = b.packet_id >> 32
LEFT JOIN derived_flow_member AS m ON m.conversation_id = p.stream_id >> 1
LEFT JOIN derived_duplicate AS d ON d.packet_id = b.packet_id;
