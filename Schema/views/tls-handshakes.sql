-- A hello of TLS, over TCP or QUIC: what a client offers or a server chooses.
CREATE VIEW tls_handshakes AS
SELECT h.packet_id,                -- the packet that completes it
       COALESCE(m.flow_id, p.stream_id >> 1) AS flow_id,  -- its flow, in flows
       p.ts,                       -- ns
       s.src,                      -- who sent it
       s.src_port,                 -- its port
       s.dst,                      -- who it was sent to
       s.dst_port,                 -- its port
       CASE h.transport WHEN 1 THEN 'tcp' WHEN 2 THEN 'quic' END
         AS transport,             -- tcp or quic
       h.is_server,                -- 1 for a ServerHello, 0 for a ClientHello
       h.is_retry_request,         -- 1 for a HelloRetryRequest: the client is to send another hello
       COALESCE(v.name, printf('0x%04x', h.version))
         AS version,               -- such as TLS 1.2: the highest that a client offers, the one that a server chose
       COALESCE(l.name, printf('0x%04x', h.legacy_version))
         AS legacy_version,        -- what the field of that name says, which stays at TLS 1.2 in TLS 1.3
       h.server_name,              -- the host that a client asks for (SNI), lower case
       h.alpn,                     -- the application protocols that a client offers, parted by commas; the chosen one
       CASE WHEN h.cipher_suite IS NOT NULL
         THEN COALESCE(n.name, printf('0x%04x', h.cipher_suite)) END
         AS cipher_suite,          -- what the server chose, by IANA's name
       h.cipher_suite AS cipher_suite_code,      -- its number
       CASE h.is_server WHEN 0 THEN
         substr(h.ja3_text, instr(h.ja3_text, ',') + 1,
           instr(substr(h.ja3_text, instr(h.ja3_text, ',') + 1), ',') - 1)
       END AS cipher_suites,       -- numbers of those that a client offers, parted by -, without RFC 8701's
       h.is_resumed AS session_resumed,          -- 1: a server goes on with an earlier session; NULL: not told
       CASE h.is_server WHEN 0 THEN h.ja3 END AS ja3,             -- JA3 of a client: MD5 of the next column
       CASE h.is_server WHEN 0 THEN h.ja3_text END AS ja3_text,   -- what it is made from; cut where it is very long
       h.ja4,                      -- JA4 of a client
       CASE h.is_server WHEN 1 THEN h.ja3 END AS ja3s,            -- JA3S of a server: MD5 of the next column
       CASE h.is_server WHEN 1 THEN h.ja3_text END AS ja3s_text,  -- what it is made from
       h.position,                 -- among those of its packet, from 0
       h.packet_id >> 32 AS capture_id,          -- the capture that shows it
       (
         SELECT o.packet_id FROM fact_tls_handshake AS o
         WHERE o.packet_id = d.first_packet_id AND o.position = h.position
       ) AS duplicate_of,          -- the first sighting of the same packet, where it shows this as well
       CASE c.time_basis WHEN 'utc' THEN 0 ELSE c.capture_id END
         AS clock                  -- rows of one clock can be compared: 0 for UTC, else the capture
FROM fact_tls_handshake AS h
JOIN fact_packet AS p ON p.packet_id = h.packet_id
LEFT JOIN fact_stream AS s ON s.stream_id = p.stream_id
LEFT JOIN fact_capture AS c ON c.capture_id = h.packet_id >> 32
LEFT JOIN derived_flow_member AS m ON m.conversation_id = p.stream_id >> 1
LEFT JOIN derived_duplicate AS d ON d.packet_id = h.packet_id
LEFT JOIN lookup_tls_version AS v ON v.version = h.version
LEFT JOIN lookup_tls_version AS l ON l.version = h.legacy_version
LEFT JOIN lookup_tls_cipher_suite AS n ON n.cipher_suite = h.cipher_suite;
