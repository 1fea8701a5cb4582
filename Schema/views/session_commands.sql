-- A command of SMTP, FTP, IMAP or POP3, or the server's reply to one. Passwords, and the contents of messages
-- and files, are not kept.
CREATE VIEW session_commands AS
SELECT b.packet_id,                -- the packet that completes it
       COALESCE(m.flow_id, p.stream_id >> 1) AS flow_id,  -- its flow, in flows
       p.ts,                       -- ns
       s.src,                      -- who sent it
       s.src_port,                 -- its port
       s.dst,                      -- who it was sent to
       s.dst_port,                 -- its port
       l.name AS protocol,         -- smtp, ftp, imap or pop
       b.is_response,              -- 1 for a reply, 0 for a command
       b.command,                  -- in capital letters, such as RCPT; NULL for a reply, and for a line that is
                                   -- no known command: it may be a password
       b.argument,                 -- what stands behind it, without what is a password or may hold one; NULL
                                   -- for none
       b.status,                   -- of a reply: its three digits, OK, NO, BAD, BYE, PREAUTH, +OK or -ERR
       b.text,                     -- of a reply: the rest of it, its lines set apart by /
       b.position,                 -- among those of its packet, from 0
       b.packet_id >> 32 AS capture_id,          -- the capture that shows it
       (
         SELECT o.packet_id FROM fact_session_line AS o
         WHERE o.packet_id = d.first_packet_id AND o.position = b.position
       ) AS duplicate_of,          -- the first sighting of the same packet, where it shows this as well
       CASE c.time_basis WHEN 'utc' THEN 0 ELSE c.capture_id END
         AS clock                  -- rows of one clock can be compared: 0 for UTC, else the capture
FROM fact_session_line AS b
JOIN fact_packet AS p ON p.packet_id = b.packet_id
JOIN lookup_protocol AS l ON l.protocol = b.protocol
LEFT JOIN fact_stream AS s ON s.stream_id = p.stream_id
LEFT JOIN fact_capture AS c ON c.capture_id = b.packet_id >> 32
LEFT JOIN derived_flow_member AS m ON m.conversation_id = p.stream_id >> 1
LEFT JOIN derived_duplicate AS d ON d.packet_id = b.packet_id;
