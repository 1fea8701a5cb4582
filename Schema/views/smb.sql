-- A message by which SMB's sessions, shares and files are opened: of SMB 2 and 3 NEGOTIATE, SESSION_SETUP,
-- LOGOFF, TREE_CONNECT and CREATE, of SMB1 NEGOTIATE alone. What is encrypted is not seen.
CREATE VIEW smb_messages AS
SELECT b.packet_id,                -- the packet that completes it
       COALESCE(m.flow_id, p.stream_id >> 1) AS flow_id,  -- its flow, in flows
       p.ts,                       -- ns
       s.src,                      -- who sent it
       s.src_port,                 -- its port
       s.dst,                      -- who it was sent to
       s.dst_port,                 -- its port
       b.version,                  -- 1 for SMB1, 2 for SMB 2 and 3
       CASE WHEN b.version = 1 THEN 'NEGOTIATE'
         ELSE CASE b.command WHEN 0 THEN 'NEGOTIATE' WHEN 1 THEN 'SESSION_SETUP' WHEN 2 THEN 'LOGOFF'
           WHEN 3 THEN 'TREE_CONNECT' WHEN 5 THEN 'CREATE' END
         END AS command,           -- as [MS-SMB2] names it
       b.is_response,              -- 0 or 1
       b.message_id,               -- the same in a request and its response
       CASE WHEN b.session_id IS NOT NULL THEN printf('0x%016x', b.session_id) END
         AS session_id,            -- in hexadecimal digits; NULL before there is one
       CASE WHEN b.tree_id IS NOT NULL THEN printf('0x%08x', b.tree_id) END
         AS tree_id,               -- likewise; NULL where it names none
       CASE WHEN b.status IS NOT NULL THEN printf('0x%08x', b.status) END
         AS status,                -- NTSTATUS in hexadecimal digits; NULL in a request
       CASE b.status
         WHEN 0x00000000 THEN 'STATUS_SUCCESS'
         WHEN 0x00000103 THEN 'STATUS_PENDING'
         WHEN 0x00000104 THEN 'STATUS_REPARSE'
         WHEN 0x8000002d THEN 'STATUS_STOPPED_ON_SYMLINK'
         WHEN 0xc0000001 THEN 'STATUS_UNSUCCESSFUL'
         WHEN 0xc0000008 THEN 'STATUS_INVALID_HANDLE'
         WHEN 0xc000000d THEN 'STATUS_INVALID_PARAMETER'
         WHEN 0xc000000f THEN 'STATUS_NO_SUCH_FILE'
         WHEN 0xc0000016 THEN 'STATUS_MORE_PROCESSING_REQUIRED'
         WHEN 0xc0000022 THEN 'STATUS_ACCESS_DENIED'
         WHEN 0xc0000033 THEN 'STATUS_OBJECT_NAME_INVALID'
         WHEN 0xc0000034 THEN 'STATUS_OBJECT_NAME_NOT_FOUND'
         WHEN 0xc0000035 THEN 'STATUS_OBJECT_NAME_COLLISION'
         WHEN 0xc000003a THEN 'STATUS_OBJECT_PATH_NOT_FOUND'
         WHEN 0xc0000043 THEN 'STATUS_SHARING_VIOLATION'
         WHEN 0xc0000056 THEN 'STATUS_DELETE_PENDING'
         WHEN 0xc000005e THEN 'STATUS_NO_LOGON_SERVERS'
         WHEN 0xc0000061 THEN 'STATUS_PRIVILEGE_NOT_HELD'
         WHEN 0xc0000064 THEN 'STATUS_NO_SUCH_USER'
         WHEN 0xc000006a THEN 'STATUS_WRONG_PASSWORD'
         WHEN 0xc000006d THEN 'STATUS_LOGON_FAILURE'
         WHEN 0xc000006e THEN 'STATUS_ACCOUNT_RESTRICTION'
         WHEN 0xc000006f THEN 'STATUS_INVALID_LOGON_HOURS'
         WHEN 0xc0000070 THEN 'STATUS_INVALID_WORKSTATION'
         WHEN 0xc0000071 THEN 'STATUS_PASSWORD_EXPIRED'
         WHEN 0xc0000072 THEN 'STATUS_ACCOUNT_DISABLED'
         WHEN 0xc000009a THEN 'STATUS_INSUFFICIENT_RESOURCES'
         WHEN 0xc00000ba THEN 'STATUS_FILE_IS_A_DIRECTORY'
         WHEN 0xc00000bb THEN 'STATUS_NOT_SUPPORTED'
         WHEN 0xc00000c9 THEN 'STATUS_NETWORK_NAME_DELETED'
         WHEN 0xc00000ca THEN 'STATUS_NETWORK_ACCESS_DENIED'
         WHEN 0xc00000cc THEN 'STATUS_BAD_NETWORK_NAME'
         WHEN 0xc00000d0 THEN 'STATUS_REQUEST_NOT_ACCEPTED'
         WHEN 0xc0000101 THEN 'STATUS_DIRECTORY_NOT_EMPTY'
         WHEN 0xc0000103 THEN 'STATUS_NOT_A_DIRECTORY'
         WHEN 0xc0000120 THEN 'STATUS_CANCELLED'
         WHEN 0xc000015b THEN 'STATUS_LOGON_TYPE_NOT_GRANTED'
         WHEN 0xc000018d THEN 'STATUS_TRUSTED_RELATIONSHIP_FAILURE'
         WHEN 0xc0000193 THEN 'STATUS_ACCOUNT_EXPIRED'
         WHEN 0xc0000203 THEN 'STATUS_USER_SESSION_DELETED'
         WHEN 0xc0000224 THEN 'STATUS_PASSWORD_MUST_CHANGE'
         WHEN 0xc0000234 THEN 'STATUS_ACCOUNT_LOCKED_OUT'
         WHEN 0xc0000257 THEN 'STATUS_PATH_NOT_COVERED'
         WHEN 0xc000035c THEN 'STATUS_NETWORK_SESSION_EXPIRED'
         END AS status_name,       -- its name, of those that are common; else NULL
       b.dialect,                  -- of a NEGOTIATE response the chosen one, of a request all; such as 3.1.1
       b.requires_signing,         -- 1 where the sender of a NEGOTIATE or SESSION_SETUP insists on signatures
       COALESCE(b.tree, t.tree) AS tree,  -- \\server\share, from its TREE_CONNECT
       COALESCE(b.file_name, r.file_name) AS file_name,  -- below the share, empty for its own folder; a response has its request's
       COALESCE(b.domain, u.domain) AS domain,  -- of the session's user, from NTLM; likewise the next two
       COALESCE(b.user_name, u.user_name) AS user_name,  -- empty for an anonymous session; NULL where not told, as with Kerberos
       COALESCE(b.workstation, u.workstation) AS workstation,  -- as the client calls itself
       b.is_guest,                 -- 1 where the server made the user a guest; of SESSION_SETUP responses
       b.request_packet_id,        -- the packet of the request that it answers; NULL in a request
       b.position,                 -- among those of its packet, from 0
       b.packet_id >> 32 AS capture_id,          -- the capture that shows it
       (
         SELECT o.packet_id FROM fact_smb_message AS o
         WHERE o.packet_id = d.first_packet_id AND o.position = b.position
       ) AS duplicate_of,          -- the first sighting of the same packet, where it shows this as well
       CASE c.time_basis WHEN 'utc' THEN 0 ELSE c.capture_id END
         AS clock                  -- rows of one clock can be compared: 0 for UTC, else the capture
FROM fact_smb_message AS b
JOIN fact_packet AS p ON p.packet_id = b.packet_id
LEFT JOIN fact_stream AS s ON s.stream_id = p.stream_id
LEFT JOIN fact_capture AS c ON c.capture_id = b.packet_id >> 32
LEFT JOIN derived_flow_member AS m ON m.conversation_id = p.stream_id >> 1
LEFT JOIN derived_duplicate AS d ON d.packet_id = b.packet_id
LEFT JOIN fact_smb_message AS r
  ON r.packet_id = b.request_packet_id AND r.position = b.request_position
LEFT JOIN fact_smb_message AS t ON t.packet_id = b.tree_packet_id AND t.position = b.tree_position
LEFT JOIN fact_smb_message AS u
  ON u.packet_id = b.authentication_packet_id AND u.position = b.authentication_position;
