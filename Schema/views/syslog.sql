-- A message of syslog over UDP or TCP: RFC 5424, or in the way of RFC 3164.
CREATE VIEW syslog_messages AS
SELECT b.packet_id,                -- the packet that holds it
       COALESCE(m.flow_id, p.stream_id >> 1) AS flow_id,  -- its flow, in flows
       p.ts,                       -- ns
       s.src,                      -- who sent it
       s.src_port,                 -- its port
       s.dst,                      -- who it was sent to
       s.dst_port,                 -- its port
       CASE b.facility
         WHEN 0 THEN 'kern' WHEN 1 THEN 'user' WHEN 2 THEN 'mail' WHEN 3 THEN 'daemon'
         WHEN 4 THEN 'auth' WHEN 5 THEN 'syslog' WHEN 6 THEN 'lpr' WHEN 7 THEN 'news'
         WHEN 8 THEN 'uucp' WHEN 9 THEN 'cron' WHEN 10 THEN 'authpriv' WHEN 11 THEN 'ftp'
         WHEN 12 THEN 'ntp' WHEN 13 THEN 'audit' WHEN 14 THEN 'console' WHEN 15 THEN 'cron2'
         WHEN 16 THEN 'local0' WHEN 17 THEN 'local1' WHEN 18 THEN 'local2'
         WHEN 19 THEN 'local3' WHEN 20 THEN 'local4' WHEN 21 THEN 'local5'
         WHEN 22 THEN 'local6' WHEN 23 THEN 'local7'
       END AS facility,            -- what wrote it: kern, auth, authpriv, local0 and so on; RFC 5427, section 3
       CASE b.severity
         WHEN 0 THEN 'emerg' WHEN 1 THEN 'alert' WHEN 2 THEN 'crit' WHEN 3 THEN 'err'
         WHEN 4 THEN 'warning' WHEN 5 THEN 'notice' WHEN 6 THEN 'info' WHEN 7 THEN 'debug'
       END AS severity,            -- emerg, alert, crit, err, warning, notice, info, debug
       b.timestamp,                -- as sent; without a year, mostly, where version is NULL
       b.host,                     -- as sent; NULL for none; likewise below
       b.app,                      -- what wrote it
       b.process AS pid,           -- its process, as sent
       b.message_id AS msg_id,     -- what kind of message it is
       b.structured_data,          -- as sent
       b.message,                  -- the text; of a cut packet what is there of it
       b.version,                  -- 1 for RFC 5424; NULL for RFC 3164
       b.position,                 -- among those of its packet, from 0
       b.packet_id >> 32 AS capture_id,          -- the capture that shows it
       (
         SELECT o.packet_id FROM fact_syslog_message AS o
         WHERE o.packet_id = d.first_packet_id AND o.position = b.position
       ) AS duplicate_of,          -- the first sighting of the same packet, where it shows this as well
       CASE c.time_basis WHEN 'utc' THEN 0 ELSE c.capture_id END
         AS clock                  -- rows of one clock can be compared: 0 for UTC, else the capture
FROM fact_syslog_message AS b
JOIN fact_packet AS p ON p.packet_id = b.packet_id
LEFT JOIN fact_stream AS s ON s.stream_id = p.stream_id
LEFT JOIN fact_capture AS c ON c.capture_id = b.packet_id >> 32
LEFT JOIN derived_flow_member AS m ON m.conversation_id = p.stream_id >> 1
LEFT JOIN derived_duplicate AS d ON d.packet_id = b.packet_id;
