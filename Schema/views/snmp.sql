-- A message of SNMP to or from UDP port 161 or 162. Communities, which are passwords, and values are not kept.
CREATE VIEW snmp_messages AS
SELECT b.packet_id,                -- the packet that holds it
       COALESCE(m.flow_id, p.stream_id >> 1) AS flow_id,  -- its flow, in flows
       p.ts,                       -- ns
       s.src,                      -- who sent it
       s.src_port,                 -- its port
       s.dst,                      -- who it was sent to
       s.dst_port,                 -- its port
       CASE b.version WHEN 0 THEN '1' WHEN 1 THEN '2c' ELSE '3' END AS version,  -- 1, 2c or 3
       CASE b.pdu_type WHEN 0 THEN 'get-request' WHEN 1 THEN 'get-next-request' WHEN 2 THEN 'get-response'
         WHEN 3 THEN 'set-request' WHEN 4 THEN 'trap' WHEN 5 THEN 'get-bulk-request'
         WHEN 6 THEN 'inform-request' WHEN 7 THEN 'snmpV2-trap' WHEN 8 THEN 'report'
         END AS pdu_type,          -- such as get-request; NULL where it is encrypted
       b.message_id,               -- msgID of version 3, the same in a request and its response
       b.request_id,               -- likewise, of the PDU; NULL where it is encrypted, and in traps of version 1
       CASE WHEN b.pdu_type IN (2, 8) THEN
         CASE b.error_status WHEN 0 THEN 'noError' WHEN 1 THEN 'tooBig' WHEN 2 THEN 'noSuchName'
         WHEN 3 THEN 'badValue' WHEN 4 THEN 'readOnly' WHEN 5 THEN 'genErr' WHEN 6 THEN 'noAccess'
         WHEN 7 THEN 'wrongType' WHEN 8 THEN 'wrongLength' WHEN 9 THEN 'wrongEncoding'
         WHEN 10 THEN 'wrongValue' WHEN 11 THEN 'noCreation' WHEN 12 THEN 'inconsistentValue'
         WHEN 13 THEN 'resourceUnavailable' WHEN 14 THEN 'commitFailed' WHEN 15 THEN 'undoFailed'
         WHEN 16 THEN 'authorizationError' WHEN 17 THEN 'notWritable' WHEN 18 THEN 'inconsistentName'
         ELSE CAST(b.error_status AS TEXT) END
         END AS error_status,      -- of a response: noError, or what is wrong
       CASE WHEN b.pdu_type IN (2, 8) THEN b.error_index END
         AS error_index,           -- of a response: the variable that is wrong, from 1; 0 for none
       CASE WHEN b.pdu_type = 5 THEN b.error_index END
         AS max_repetitions,       -- of a get-bulk-request: how many of each variable are asked for
       b.first_oid,                -- the first variable, such as 1.3.6.1.2.1.1.5.0; NULL for none
       b.variable_count,           -- variables in it
       b.has_default_community,    -- 1 where the community is public or private; NULL in version 3
       b.user_name,                -- msgUserName; of version 3
       CASE WHEN b.flags IS NULL THEN NULL WHEN b.flags % 4 = 3 THEN 'authPriv'
         WHEN b.flags % 4 = 1 THEN 'authNoPriv' WHEN b.flags % 4 = 0 THEN 'noAuthNoPriv'
         ELSE 'invalid' END AS security_level,  -- authPriv, authNoPriv, noAuthNoPriv; of version 3
       b.is_encrypted,             -- 1 where the PDU is encrypted
       b.enterprise,               -- of a trap of version 1: who defines it
       b.agent_address,            -- likewise: who it is about, as the sender says
       CASE b.generic_trap WHEN 0 THEN 'coldStart' WHEN 1 THEN 'warmStart' WHEN 2 THEN 'linkDown'
         WHEN 3 THEN 'linkUp' WHEN 4 THEN 'authenticationFailure' WHEN 5 THEN 'egpNeighborLoss'
         WHEN 6 THEN 'enterpriseSpecific' ELSE CAST(b.generic_trap AS TEXT)
         END AS generic_trap,      -- likewise: its kind
       b.specific_trap,            -- likewise: its number, where the kind is enterpriseSpecific
       b.trap_oid,                 -- what a trap or inform of version 2 is about
       b.position,                 -- among those of its packet, from 0
       b.packet_id >> 32 AS capture_id,          -- the capture that shows it
       (
         SELECT o.packet_id FROM fact_snmp_message AS o
         WHERE o.packet_id = d.first_packet_id AND o.position = b.position
       ) AS duplicate_of,          -- the first sighting of the same packet, where it shows this as well
       CASE c.time_basis WHEN 'utc' THEN 0 ELSE c.capture_id END
         AS clock                  -- rows of one clock can be compared: 0 for UTC, else the capture
FROM fact_snmp_message AS b
JOIN fact_packet AS p ON p.packet_id = b.packet_id
LEFT JOIN fact_stream AS s ON s.stream_id = p.stream_id
LEFT JOIN fact_capture AS c ON c.capture_id = b.packet_id >> 32
LEFT JOIN derived_flow_member AS m ON m.conversation_id = p.stream_id >> 1
LEFT JOIN derived_duplicate AS d ON d.packet_id = b.packet_id;
