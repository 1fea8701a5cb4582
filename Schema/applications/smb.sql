-- A message by which SMB's sessions, shares and files are opened: [MS-SMB2]; negotiations of SMB1.
CREATE TABLE fact_smb_message (
  packet_id                INTEGER NOT NULL,
  position                 INTEGER NOT NULL,  -- among those of its packet, from 0
  version                  INTEGER NOT NULL,  -- 1 or 2
  command                  INTEGER NOT NULL,  -- [MS-SMB2], 2.2.1; of SMB1, [MS-CIFS], 2.2.2.1
  is_response              INTEGER NOT NULL,
  message_id               INTEGER NOT NULL,  -- 64 bits, as a signed number
  session_id               INTEGER,           -- likewise; NULL before there is a session
  tree_id                  INTEGER,
  status                   INTEGER,           -- NTSTATUS; NULL in a request
  dialect                  TEXT,              -- chosen, or those offered
  tree                     TEXT,              -- \\server\share; of TREE_CONNECT requests
  file_name                TEXT,              -- of CREATE requests; empty for the share's own folder
  domain                   TEXT,              -- this and the next two: of an NTLM AUTHENTICATE
  user_name                TEXT,              -- empty for an anonymous session
  workstation              TEXT,
  requires_signing         INTEGER,           -- of negotiations and SESSION_SETUP requests
  is_guest                 INTEGER,           -- of sessions that were set up
  request_packet_id        INTEGER,           -- what a response answers
  request_position         INTEGER,           -- its position in that packet; likewise below
  tree_packet_id           INTEGER,           -- the request that named the tree
  tree_position            INTEGER,
  authentication_packet_id INTEGER,           -- the request that named the session's user
  authentication_position  INTEGER,
  PRIMARY KEY (packet_id, position)
) WITHOUT ROWID;
