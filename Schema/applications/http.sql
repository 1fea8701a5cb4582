-- A message of HTTP/1, by the packet that completes its head: RFC 9110, RFC 9112.
CREATE TABLE fact_http_message (
  packet_id         INTEGER NOT NULL,
  position          INTEGER NOT NULL,  -- among those of its packet, from 0
  is_response       INTEGER NOT NULL,  -- 0 or 1
  method            TEXT,              -- such as GET; NULL for a response, as uri
  host              TEXT,
  uri               TEXT,              -- the request target as sent, without a password in it
  version           TEXT NOT NULL,     -- such as 1.1
  status            INTEGER,           -- NULL for a request, as reason
  reason            TEXT,
  user_agent        TEXT,
  referer           TEXT,
  content_type      TEXT,
  content_length    INTEGER,           -- octets, as the field says
  server            TEXT,
  location          TEXT,
  x_forwarded_for   TEXT,
  auth_scheme       TEXT,              -- of the Authorization field, in small letters; other for none
  request_packet_id INTEGER,           -- of a response: the request that it answers
  request_position  INTEGER,
  response_ns       INTEGER,           -- between the packets that complete their heads
  PRIMARY KEY (packet_id, position)
) WITHOUT ROWID;
