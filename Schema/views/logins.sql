-- An attempt to log in by SMTP, FTP, IMAP, POP3 or HTTP (Basic and Digest; there once for each flow and
-- credentials). Passwords are not kept.
CREATE VIEW logins AS
SELECT a.packet_id,                -- the packet that sent the last of it
       COALESCE(m.flow_id, p.stream_id >> 1) AS flow_id,  -- its flow, in flows
       p.ts,                       -- ns
       s.src AS client,            -- who tried
       s.src_port AS client_port,  -- its port
       s.dst AS server,            -- where
       s.dst_port AS server_port,  -- its port
       l.name AS protocol,         -- smtp, ftp, imap, pop or http
       a.user_name,                -- the account; NULL where it is not known
       a.mechanism,                -- user-pass, apop, basic, digest, or the SASL mechanism in small letters
       a.in_clear,                 -- 1 when the password itself crossed so that anyone on the way can read it:
                                   -- base64 hides nothing
       CASE r.success WHEN 1 THEN 'success' WHEN 0 THEN 'failure' END
         AS outcome,               -- success or failure, as the server said; NULL where that is not known
       r.packet_id AS result_packet_id,          -- the packet that says so
       a.position,                 -- among those of its packet, from 0
       a.packet_id >> 32 AS capture_id,          -- the capture that shows it
       (
         SELECT o.packet_id FROM fact_login AS o
         WHERE o.packet_id = d.first_packet_id AND o.position = a.position
       ) AS duplicate_of,          -- the first sighting of the same packet, where it shows this as well
       CASE c.time_basis WHEN 'utc' THEN 0 ELSE c.capture_id END
         AS clock                  -- rows of one clock can be compared: 0 for UTC, else the capture
FROM fact_login AS a
JOIN fact_packet AS p ON p.packet_id = a.packet_id
JOIN lookup_protocol AS l ON l.protocol = a.protocol
LEFT JOIN fact_login_result AS r
  ON r.attempt_packet_id = a.packet_id AND r.attempt_position = a.position
LEFT JOIN fact_stream AS s ON s.stream_id = p.stream_id
LEFT JOIN fact_capture AS c ON c.capture_id = a.packet_id >> 32
LEFT JOIN derived_flow_member AS m ON m.conversation_id = p.stream_id >> 1
LEFT JOIN derived_duplicate AS d ON d.packet_id = a.packet_id;
