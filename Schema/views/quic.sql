-- Packets of QUIC with a long header, of which a datagram may hold several; of Handshake packets the first of each end.
-- What their Initial packets carry of TLS stands in tls_handshakes.
CREATE VIEW quic_packets AS
SELECT q.packet_id,                -- the packet that holds it
       COALESCE(m.flow_id, p.stream_id >> 1) AS flow_id,  -- its flow, in flows
       p.ts,                       -- ns
       s.src,                      -- who sent it
       s.src_port,                 -- its port
       s.dst,                      -- who it was sent to
       s.dst_port,                 -- its port
       CASE q.packet_type
         WHEN 0 THEN 'initial' WHEN 1 THEN '0-rtt' WHEN 2 THEN 'handshake' WHEN 3 THEN 'retry'
         WHEN 4 THEN 'version-negotiation'
       END AS packet_type,         -- initial, 0-rtt, handshake, retry, version-negotiation; NULL for unknown versions
       printf('0x%08x', q.version) AS version,   -- as on the wire; 0x00000000 for a Version Negotiation
       q.version_name,             -- such as 1, 2, draft-29, Q050; NULL where it is not known
       q.dcid,                     -- Destination Connection ID, hexadecimal; empty for none
       q.scid,                     -- Source Connection ID, likewise
       q.token_length,             -- of an Initial, and of a Retry; octets
       q.supported_versions,       -- of a Version Negotiation: names, or hexadecimal; parted by commas
       q.is_client,                -- 1 where the client sent it, 0 where the server did; NULL where it cannot be told
       q.is_decrypted,             -- 1 where an Initial could be decrypted, 0 where not; NULL for other types
       q.server_name,              -- the host of the ClientHello that it completes
       q.close_error,              -- error code of a CONNECTION_CLOSE frame in an Initial
       CASE
         WHEN q.close_error = 0 THEN 'NO_ERROR'
         WHEN q.close_error = 1 THEN 'INTERNAL_ERROR'
         WHEN q.close_error = 2 THEN 'CONNECTION_REFUSED'
         WHEN q.close_error = 3 THEN 'FLOW_CONTROL_ERROR'
         WHEN q.close_error = 4 THEN 'STREAM_LIMIT_ERROR'
         WHEN q.close_error = 5 THEN 'STREAM_STATE_ERROR'
         WHEN q.close_error = 6 THEN 'FINAL_SIZE_ERROR'
         WHEN q.close_error = 7 THEN 'FRAME_ENCODING_ERROR'
         WHEN q.close_error = 8 THEN 'TRANSPORT_PARAMETER_ERROR'
         WHEN q.close_error = 9 THEN 'CONNECTION_ID_LIMIT_ERROR'
         WHEN q.close_error = 10 THEN 'PROTOCOL_VIOLATION'
         WHEN q.close_error = 11 THEN 'INVALID_TOKEN'
         WHEN q.close_error = 12 THEN 'APPLICATION_ERROR'
         WHEN q.close_error = 13 THEN 'CRYPTO_BUFFER_EXCEEDED'
         WHEN q.close_error = 14 THEN 'KEY_UPDATE_ERROR'
         WHEN q.close_error = 15 THEN 'AEAD_LIMIT_REACHED'
         WHEN q.close_error = 16 THEN 'NO_VIABLE_PATH'
         WHEN q.close_error = 17 THEN 'VERSION_NEGOTIATION_ERROR'
         WHEN q.close_error BETWEEN 256 AND 511 THEN 'CRYPTO_ERROR'
       END AS close_name,          -- its name: RFC 9000, 20.1, RFC 9368, 10.2; CRYPTO_ERROR: a TLS alert, plus 256
       q.close_reason,             -- its reason phrase
       q.position,                 -- among those of its packet, from 0
       q.packet_id >> 32 AS capture_id,          -- the capture that shows it
       (
         SELECT o.packet_id FROM fact_quic_packet AS o
         WHERE o.packet_id = d.first_packet_id AND o.position = q.position
       ) AS duplicate_of,          -- the first sighting of the same packet, where it shows this as well
       CASE c.time_basis WHEN 'utc' THEN 0 ELSE c.capture_id END
         AS clock                  -- rows of one clock can be compared: 0 for UTC, else the capture
FROM fact_quic_packet AS q
JOIN fact_packet AS p ON p.packet_id = q.packet_id
LEFT JOIN fact_stream AS s ON s.stream_id = p.stream_id
LEFT JOIN fact_capture AS c ON c.capture_id = q.packet_id >> 32
LEFT JOIN derived_flow_member AS m ON m.conversation_id = p.stream_id >> 1
LEFT JOIN derived_duplicate AS d ON d.packet_id = q.packet_id;
