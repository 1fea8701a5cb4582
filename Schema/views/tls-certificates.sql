-- The certificate that an end of a TLS connection shows for itself, up to TLS 1.2; later it is encrypted.
CREATE VIEW tls_certificates AS
SELECT x.packet_id,                -- the packet that completes it
       COALESCE(m.flow_id, p.stream_id >> 1) AS flow_id,  -- its flow, in flows
       p.ts,                       -- ns
       s.src,                      -- who sent it
       s.src_port,                 -- its port
       s.dst,                      -- who it was sent to
       s.dst_port,                 -- its port
       x.is_server,                -- 1 for the server's, 0 for a client's, NULL where no hello was seen
       x.subject,                  -- as RFC 4514 writes names; NULL, as the following, where it cannot be read
       x.issuer,                   -- who signed it
       x.alternative_names,        -- the host names and addresses that it is for, parted by commas
       x.not_before,               -- ns: valid from
       x.not_after,                -- ns: valid until; what is later than 2262 is the last ns of what 64 bits hold
       x.not_before_time,          -- valid from, RFC 3339
       x.not_after_time,           -- valid until, RFC 3339, whatever the year
       x.serial,                   -- hexadecimal
       x.sha256,                   -- SHA-256 of its DER, hexadecimal
       x.is_self_issued,           -- 1 where subject and issuer are the same name
       x.key_type,                 -- such as RSA or EC
       x.key_bits,                 -- bits of an RSA modulus or of a curve's field
       x.signature_algorithm,      -- such as sha256WithRSAEncryption
       x.chain_length,             -- certificates in its message, this one included
       x.position,                 -- among those of its packet, from 0
       x.packet_id >> 32 AS capture_id,          -- the capture that shows it
       (
         SELECT o.packet_id FROM fact_tls_certificate AS o
         WHERE o.packet_id = d.first_packet_id AND o.position = x.position
       ) AS duplicate_of,          -- the first sighting of the same packet, where it shows this as well
       CASE c.time_basis WHEN 'utc' THEN 0 ELSE c.capture_id END
         AS clock                  -- rows of one clock can be compared: 0 for UTC, else the capture
FROM fact_tls_certificate AS x
JOIN fact_packet AS p ON p.packet_id = x.packet_id
LEFT JOIN fact_stream AS s ON s.stream_id = p.stream_id
LEFT JOIN fact_capture AS c ON c.capture_id = x.packet_id >> 32
LEFT JOIN derived_flow_member AS m ON m.conversation_id = p.stream_id >> 1
LEFT JOIN derived_duplicate AS d ON d.packet_id = x.packet_id;
