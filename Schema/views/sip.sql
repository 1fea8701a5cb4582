-- A message of SIP over UDP or TCP, at whatever port. What TLS carries is not seen.
CREATE VIEW sip_messages AS
SELECT b.packet_id,                -- the packet that completes it
       COALESCE(m.flow_id, p.stream_id >> 1) AS flow_id,  -- its flow, in flows
       p.ts,                       -- ns
       s.src,                      -- who sent it
       s.src_port,                 -- its port
       s.dst,                      -- who it was sent to
       s.dst_port,                 -- its port
       b.is_response,              -- 0 or 1
       b.method,                   -- such as INVITE; of a response, that of the request
       b.request_uri,              -- of a request; passwords in addresses are left out, here and below
       b.status,                   -- of a response: such as 200
       b.reason,                   -- likewise, in words
       b.from_header,              -- who calls, as the message says
       b.to_header,                -- who is called
       b.call_id,                  -- the same in all messages of a call or registration
       b.cseq,                     -- the request's number in the call
       b.user_agent,               -- what its sender says that it is: User-Agent, or Server
       b.contact,                  -- where its sender can be reached
       b.media_type,               -- the first medium that SDP in it asks for, such as audio; NULL for none
       b.media_address,            -- where that is to be sent
       b.media_port,               -- its port; 0 where it is refused
       b.position,                 -- among those of its packet, from 0
       b.packet_id >> 32 AS capture_id,          -- the capture that shows it
       (
         SELECT o.packet_id FROM fact_sip_message AS o
         WHERE o.packet_id = d.first_packet_id AND o.position = b.position
       ) AS duplicate_of,          -- the first sighting of the same packet, where it shows this as well
       CASE c.time_basis WHEN 'utc' THEN 0 ELSE c.capture_id END
         AS clock                  -- rows of one clock can be compared: 0 for UTC, else the capture
FROM fact_sip_message AS b
JOIN fact_packet AS p ON p.packet_id = b.packet_id
LEFT JOIN fact_stream AS s ON s.stream_id = p.stream_id
LEFT JOIN fact_capture AS c ON c.capture_id = b.packet_id >> 32
LEFT JOIN derived_flow_member AS m ON m.conversation_id = p.stream_id >> 1
LEFT JOIN derived_duplicate AS d ON d.packet_id = b.packet_id;
