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
CREATE TABLE fact_rtp_stream (
  packet_id           INTEGER NOT NULL,
  position            INTEGER NOT NULL,
  first_packet_id     INTEGER NOT NULL,
  payload_type        INTEGER NOT NULL,
  ssrc                INTEGER NOT NULL,
  announced_packet_id INTEGER,
  PRIMARY KEY (packet_id, position)
) WITHOUT ROWID;
CREATE TABLE fact_sip_message (
  packet_id     INTEGER NOT NULL,
  position      INTEGER NOT NULL,
  is_response   INTEGER NOT NULL,
  method        TEXT,
  request_uri   TEXT,
  status        INTEGER,
  reason        TEXT,
  from_header   TEXT,
  to_header     TEXT,
  call_id       TEXT,
  cseq          INTEGER,
  user_agent    TEXT,
  contact       TEXT,
  media_type    TEXT,
  media_address TEXT,
  media_port    INTEGER,
  PRIMARY KEY (packet_id, position)
) WITHOUT ROWID;
CREATE TABLE fact_smb_message (
  packet_id                INTEGER NOT NULL,
  position                 INTEGER NOT NULL,
  version                  INTEGER NOT NULL,
  command                  INTEGER NOT NULL,
  is_response              INTEGER NOT NULL,
  message_id               INTEGER NOT NULL,
  session_id               INTEGER,
  tree_id                  INTEGER,
  status                   INTEGER,
  dialect                  TEXT,
  tree                     TEXT,
  file_name                TEXT,
  domain                   TEXT,
  user_name                TEXT,
  workstation              TEXT,
  requires_signing         INTEGER,
  is_guest                 INTEGER,
  request_packet_id        INTEGER,
  request_position         INTEGER,
  tree_packet_id           INTEGER,
  tree_position            INTEGER,
  authentication_packet_id INTEGER,
  authentication_position  INTEGER,
  PRIMARY KEY (packet_id, position)
) WITHOUT ROWID;
CREATE TABLE fact_snmp_message (
  packet_id             INTEGER NOT NULL,
  position              INTEGER NOT NULL,
  version               INTEGER NOT NULL,
  pdu_type              INTEGER,
  message_id            INTEGER,
  request_id            INTEGER,
  error_status          INTEGER,
  error_index           INTEGER,
  first_oid             TEXT,
  variable_count        INTEGER,
  has_default_community INTEGER,
  user_name             TEXT,
  flags                 INTEGER,
  is_encrypted          INTEGER NOT NULL,
  enterprise            TEXT,
  agent_address         TEXT,
  generic_trap          INTEGER,
  specific_trap         INTEGER,
  trap_oid              TEXT,
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
