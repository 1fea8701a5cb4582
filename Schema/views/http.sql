-- A request or response of HTTP/1, by the packet that completes its head. Bodies and credentials are not kept.
CREATE VIEW http_messages AS
SELECT h.packet_id,                -- the packet that completes its head
       COALESCE(m.flow_id, p.stream_id >> 1) AS flow_id,  -- its flow, in flows
       p.ts,                       -- ns
       s.src,                      -- who sent it
       s.src_port,                 -- its port
       s.dst,                      -- who it was sent to
       s.dst_port,                 -- its port
       h.is_response,              -- 1 for a response, 0 for a request
       h.method,                   -- such as GET; NULL for a response, as uri
       h.host,                     -- as the Host field says, with a port if it has one
       h.uri,                      -- the request target as it was sent, but for a password in it
       h.version,                  -- such as 1.1
       h.status,                   -- the response's status code; NULL for a request, as reason
       h.reason,                   -- what the response says beside it
       h.user_agent,               -- the field; NULL where there is none, as all the following
       h.referer,                  -- the field
       h.content_type,             -- the field
       h.content_length,           -- octets, as the field says; NULL also where it is no number
       h.server,                   -- the Server field: what software answers
       h.location,                 -- the field
       h.x_forwarded_for,          -- the field: for whom a proxy asks
       h.auth_scheme,              -- of the Authorization field, in small letters, such as basic; other
                                   -- where it names none
       h.request_packet_id,        -- of a response: the packet of the request that it answers; NULL where
                                   -- that is not known, as all the following
       h.request_position,         -- its position
       q.method AS request_method, -- its method
       q.host AS request_host,     -- its host
       q.uri AS request_uri,       -- its uri
       h.response_ns,              -- ns; from the packet that completes the request's head to this one; NULL
                                   -- also for interim responses
       h.position,                 -- among those of its packet, from 0
       h.packet_id >> 32 AS capture_id,          -- the capture that shows it
       (
         SELECT o.packet_id FROM fact_http_message AS o
         WHERE o.packet_id = d.first_packet_id AND o.position = h.position
       ) AS duplicate_of,          -- the first sighting of the same packet, where it shows this as well
       CASE c.time_basis WHEN 'utc' THEN 0 ELSE c.capture_id END
         AS clock                  -- rows of one clock can be compared: 0 for UTC, else the capture
FROM fact_http_message AS h
JOIN fact_packet AS p ON p.packet_id = h.packet_id
LEFT JOIN fact_http_message AS q
  ON q.packet_id = h.request_packet_id AND q.position = h.request_position
LEFT JOIN fact_stream AS s ON s.stream_id = p.stream_id
LEFT JOIN fact_capture AS c ON c.capture_id = h.packet_id >> 32
LEFT JOIN derived_flow_member AS m ON m.conversation_id = p.stream_id >> 1
LEFT JOIN derived_duplicate AS d ON d.packet_id = h.packet_id;
