-- A message of NTP: of time, of control (mode 6), or private to ntpd (mode 7). What the sender's clock is off by is not told: that takes both messages and both clocks.
CREATE VIEW ntp_messages AS
SELECT b.packet_id,                -- the packet that holds it
       COALESCE(m.flow_id, p.stream_id >> 1) AS flow_id,  -- its flow, in flows
       p.ts,                       -- ns
       s.src,                      -- who sent it
       s.src_port,                 -- its port
       s.dst,                      -- who it was sent to
       s.dst_port,                 -- its port
       b.version,                  -- 1 to 4
       CASE b.mode
         WHEN 1 THEN 'symmetric active' WHEN 2 THEN 'symmetric passive' WHEN 3 THEN 'client'
         WHEN 4 THEN 'server' WHEN 5 THEN 'broadcast' WHEN 6 THEN 'control'
         WHEN 7 THEN 'private'
       END AS mode,                -- client, server, symmetric active or passive, broadcast; control and private ask ntpd about itself
       b.is_response,              -- 1 or 0 of client, server, control and private; NULL of others
       CASE b.leap
         WHEN 0 THEN 'none' WHEN 1 THEN '61 seconds' WHEN 2 THEN '59 seconds'
         WHEN 3 THEN 'not synchronized'
       END AS leap,                -- what the day's last minute will have; or that the sender's clock is not synchronized
       b.stratum,                  -- 1 for a reference clock, 2 for who follows one, and so on; 0 and 16 not synchronized; NULL for control and private; likewise below
       b.poll,                     -- seconds between messages, as a power of two
       b.precision,                -- seconds of the clock's precision, as a power of two
       b.root_delay_ns,            -- ns to the reference clock and back
       b.root_dispersion_ns,       -- ns that the clock may be wrong by
       b.reference_id,             -- stratum 0 and 1: up to four letters, such as GPS; else whom the sender follows: IPv4, or what stands for another address
       CASE WHEN b.stratum = 0 AND b.mode IN (2, 4, 5) THEN b.reference_id
       END AS kiss_code,           -- of a server: why it gives no time, such as DENY, RATE, INIT; RFC 5905, 7.4
       b.reference_ts,             -- ns since 1970, as the message says: when the sender's clock was last set; NULL for none; likewise below
       b.origin_ts,                -- when the request left the client, by its clock; clients may send anything instead
       b.receive_ts,               -- when the request came to the server, by its clock
       b.transmit_ts,              -- when the message left its sender, by its clock; clients may send anything instead
       b.key_id,                   -- the key that authenticates it; 0 of a server: the request was not authentic
       CASE WHEN b.mode = 6 THEN b.code END AS opcode,  -- of control: RFC 9327, 2
       CASE CASE WHEN b.mode = 6 THEN b.code END
         WHEN 0 THEN 'unspecified' WHEN 1 THEN 'read status' WHEN 2 THEN 'read variables'
         WHEN 3 THEN 'write variables' WHEN 4 THEN 'read clock variables'
         WHEN 5 THEN 'write clock variables' WHEN 6 THEN 'set trap address'
         WHEN 7 THEN 'trap response' WHEN 8 THEN 'configure' WHEN 9 THEN 'save configuration'
         WHEN 10 THEN 'read most recently used' WHEN 11 THEN 'read ordered list'
         WHEN 12 THEN 'request nonce' WHEN 31 THEN 'unset trap'
       END AS operation,           -- of control: what is asked for, such as read variables
       CASE WHEN b.mode = 7 THEN b.code END AS request_code,  -- of private: what is asked for; 42 and 20 list the last clients (monlist)
       b.items,                    -- of private messages items, of control octets that follow
       b.position,                 -- among those of its packet, from 0
       b.packet_id >> 32 AS capture_id,          -- the capture that shows it
       (
         SELECT o.packet_id FROM fact_ntp_message AS o
         WHERE o.packet_id = d.first_packet_id AND o.position = b.position
       ) AS duplicate_of,          -- the first sighting of the same packet, where it shows this as well
       CASE c.time_basis WHEN 'utc' THEN 0 ELSE c.capture_id END
         AS clock                  -- rows of one clock can be compared: 0 for UTC, else the capture
FROM fact_ntp_message AS b
JOIN fact_packet AS p ON p.packet_id = b.packet_id
LEFT JOIN fact_stream AS s ON s.stream_id = p.stream_id
LEFT JOIN fact_capture AS c ON c.capture_id = b.packet_id >> 32
LEFT JOIN derived_flow_member AS m ON m.conversation_id = p.stream_id >> 1
LEFT JOIN derived_duplicate AS d ON d.packet_id = b.packet_id;
