-- A message by which hosts of one link ask each other for names. None of them is a DNS transaction: anybody may
-- answer, or nobody.
CREATE VIEW name_messages AS
SELECT n.packet_id,                -- the packet that holds it
       COALESCE(m.flow_id, p.stream_id >> 1) AS flow_id,  -- its flow, in flows
       p.ts,                       -- ns
       s.src,                      -- who sent it
       s.src_port,                 -- its port
       s.dst,                      -- who it was sent to; mostly a group
       s.dst_port,                 -- its port
       lp.name AS protocol,        -- mdns, llmnr or nbns
       n.txid,                     -- identifier; mostly 0 in mdns
       n.is_response,              -- 1 response, 0 query
       n.opcode,                   -- 0 for a query; of nbns 5 registration, 6 release, 7 wait, 8 refresh
       n.rcode,                    -- response code
       n.qname,                    -- the first question's name: lower case, no final dot; of nbns as it is,
                                   -- with what it is for behind it, such as WORKGROUP<1d>
       CASE WHEN n.protocol <> 49 THEN COALESCE(lt.name, 'TYPE' || n.qtype)
            WHEN n.qtype = 32 THEN 'NB'
            WHEN n.qtype = 33 THEN 'NBSTAT'
            ELSE COALESCE(lt.name, 'TYPE' || n.qtype)
       END AS qtype,               -- mnemonic, such as A, PTR or NB
       n.answers,                  -- '[owner] TTL type data', parted by '; '; 'group' is before the address of
                                   -- a group's name in nbns
       n.question_count,           -- the header's counts
       n.answer_count,             -- likewise
       n.authority_count,          -- likewise
       n.additional_count,         -- likewise
       n.authority,                -- the authority section, as answers
       n.additional,               -- the additional section, without the OPT record
       n.questions,                -- of mdns, each question as 'name type', parted by '; '; NULL for one alone
       n.tc,                       -- 1 when the message was truncated
       n.position,                 -- among those of its packet, from 0
       n.packet_id >> 32 AS capture_id,          -- the capture that shows it
       (
         SELECT o.packet_id FROM fact_name_message AS o
         WHERE o.packet_id = d.first_packet_id AND o.position = n.position
       ) AS duplicate_of,          -- the first sighting of the same packet, where it shows this as well
       CASE c.time_basis WHEN 'utc' THEN 0 ELSE c.capture_id END
         AS clock                  -- rows of one clock can be compared: 0 for UTC, else the capture
FROM fact_name_message AS n
JOIN fact_packet AS p ON p.packet_id = n.packet_id
LEFT JOIN fact_stream AS s ON s.stream_id = p.stream_id
LEFT JOIN fact_capture AS c ON c.capture_id = n.packet_id >> 32
LEFT JOIN derived_flow_member AS m ON m.conversation_id = p.stream_id >> 1
LEFT JOIN derived_duplicate AS d ON d.packet_id = n.packet_id
LEFT JOIN lookup_protocol AS lp ON lp.protocol = n.protocol
LEFT JOIN lookup_dns_type AS lt ON lt.type = n.qtype;
