-- A message of SIP: RFC 3261. Passwords in addresses, credentials and bodies are not kept.
CREATE TABLE fact_sip_message (
  packet_id     INTEGER NOT NULL,
  position      INTEGER NOT NULL,  -- among those of its packet, from 0
  is_response   INTEGER NOT NULL,
  method        TEXT,              -- of a response, that of its CSeq
  request_uri   TEXT,              -- of a request
  status        INTEGER,           -- of a response
  reason        TEXT,
  from_header   TEXT,
  to_header     TEXT,
  call_id       TEXT,
  cseq          INTEGER,
  user_agent    TEXT,              -- User-Agent, or Server
  contact       TEXT,
  media_type    TEXT,              -- the first medium of its SDP
  media_address TEXT,
  media_port    INTEGER,
  PRIMARY KEY (packet_id, position)
) WITHOUT ROWID;
