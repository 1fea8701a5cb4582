-- From version 5: what packets carry beside DNS. Captures that an earlier version read were never looked at for
-- that.
CREATE TEMP TABLE earlier_stream AS SELECT * FROM fact_stream;
DROP TABLE fact_stream;
CREATE TABLE fact_stream (
  stream_id         INTEGER PRIMARY KEY,
  capture_id        INTEGER NOT NULL,
  link_id           INTEGER,
  ip_proto          INTEGER,
  src               TEXT,
  src_port          INTEGER,
  dst               TEXT,
  dst_port          INTEGER,
  conversation_key  INTEGER,
  packets           INTEGER NOT NULL,
  bytes             INTEGER NOT NULL,
  payload_bytes     INTEGER NOT NULL,
  first_packet      INTEGER NOT NULL,
  duration_ns       INTEGER,
  tcp_flags         INTEGER,
  tcp_isn           INTEGER,
  tcp_mss           INTEGER,
  tcp_window_scale  INTEGER,
  application       INTEGER
);
INSERT INTO fact_stream SELECT *, NULL FROM earlier_stream ORDER BY stream_id;
DROP TABLE earlier_stream;
CREATE INDEX fact_stream_by_ends ON fact_stream (src, dst);
CREATE INDEX fact_stream_by_dst ON fact_stream (dst);
CREATE INDEX fact_stream_by_key ON fact_stream (conversation_key)
WHERE conversation_key IS NOT NULL;

-- Application protocols, each in tables of its own.
CREATE TABLE fact_http_message (
  packet_id         INTEGER NOT NULL,
  position          INTEGER NOT NULL,
  is_response       INTEGER NOT NULL,
  method            TEXT,
  host              TEXT,
  uri               TEXT,
  version           TEXT NOT NULL,
  status            INTEGER,
  reason            TEXT,
  user_agent        TEXT,
  referer           TEXT,
  content_type      TEXT,
  content_length    INTEGER,
  server            TEXT,
  location          TEXT,
  x_forwarded_for   TEXT,
  auth_scheme       TEXT,
  request_packet_id INTEGER,
  request_position  INTEGER,
  response_ns       INTEGER,
  PRIMARY KEY (packet_id, position)
) WITHOUT ROWID;
CREATE TABLE fact_session_line (
  packet_id   INTEGER NOT NULL,
  position    INTEGER NOT NULL,
  protocol    INTEGER NOT NULL,
  is_response INTEGER NOT NULL,
  command     TEXT,
  argument    TEXT,
  status      TEXT,
  text        TEXT,
  PRIMARY KEY (packet_id, position)
) WITHOUT ROWID;
CREATE TABLE fact_login (
  packet_id INTEGER NOT NULL,
  position  INTEGER NOT NULL,
  protocol  INTEGER NOT NULL,
  user_name TEXT,
  mechanism TEXT NOT NULL,
  in_clear  INTEGER NOT NULL,
  PRIMARY KEY (packet_id, position)
) WITHOUT ROWID;
CREATE TABLE fact_login_result (
  packet_id         INTEGER NOT NULL,
  position          INTEGER NOT NULL,
  attempt_packet_id INTEGER NOT NULL,
  attempt_position  INTEGER NOT NULL,
  success           INTEGER NOT NULL,
  PRIMARY KEY (packet_id, position)
) WITHOUT ROWID;
CREATE TABLE fact_ssh_banner (
  packet_id        INTEGER NOT NULL,
  position         INTEGER NOT NULL,
  protocol_version TEXT NOT NULL,
  software         TEXT NOT NULL,
  comments         TEXT,
  PRIMARY KEY (packet_id, position)
) WITHOUT ROWID;
