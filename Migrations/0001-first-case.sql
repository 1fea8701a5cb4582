-- Version 1: the tables and indexes of the first cases. Views and lookups are not migrated, but made
-- anew from Schema/ whenever a case is brought to a newer version.
CREATE TABLE fact_capture (
  capture_id        INTEGER PRIMARY KEY,
  name              TEXT NOT NULL UNIQUE,
  path              TEXT,
  format            TEXT NOT NULL,
  compression       TEXT,
  sha256            TEXT NOT NULL UNIQUE,
  size              INTEGER NOT NULL,
  time_basis        TEXT NOT NULL,
  packets           INTEGER NOT NULL,
  first_ts          INTEGER,
  last_ts           INTEGER,
  complete          INTEGER NOT NULL,
  cut_packets       INTEGER NOT NULL,
  backward_steps    INTEGER NOT NULL,
  longest_gap_ns    INTEGER,
  longest_gap_ts    INTEGER,
  longest_gap_packet INTEGER,
  received          INTEGER,
  dropped           INTEGER,
  filter            TEXT,
  packet_limit      INTEGER,
  assumed_date      TEXT,
  assumed_time_zone TEXT,
  hardware          TEXT,
  operating_system  TEXT,
  application       TEXT,
  ingested_at       INTEGER NOT NULL,
  program_version   TEXT NOT NULL
);
CREATE TABLE fact_interface (
  capture_id       INTEGER NOT NULL,
  interface        INTEGER NOT NULL,
  link_type        INTEGER NOT NULL,
  link_type_name   TEXT NOT NULL,
  name             TEXT,
  description      TEXT,
  snap_length      INTEGER,
  units_per_second INTEGER NOT NULL,
  filter           TEXT,
  operating_system TEXT,
  hardware         TEXT,
  received         INTEGER,
  dropped          INTEGER,
  os_dropped       INTEGER,
  PRIMARY KEY (capture_id, interface)
) WITHOUT ROWID;
CREATE TABLE fact_link (
  link_id    INTEGER PRIMARY KEY,
  capture_id INTEGER NOT NULL,
  interface  INTEGER NOT NULL,
  eth_src    TEXT,
  eth_dst    TEXT,
  ethertype  INTEGER,
  vlan       TEXT,
  if_index   INTEGER
);
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
  tcp_window_scale  INTEGER
);
CREATE TABLE fact_packet (
  packet_id       INTEGER PRIMARY KEY,
  ts              INTEGER,
  stream_id       INTEGER NOT NULL,
  byte_offset     INTEGER NOT NULL,
  captured_length INTEGER,
  length          INTEGER,
  protocol        INTEGER NOT NULL,
  ttl             INTEGER,
  ip_id           INTEGER,
  tcp_flags       INTEGER,
  tcp_seq         INTEGER,
  payload_length  INTEGER
);
CREATE TABLE fact_fragment (
  packet_id      INTEGER PRIMARY KEY,
  offset         INTEGER NOT NULL,
  more_fragments INTEGER NOT NULL
);
CREATE TABLE fact_dns_message (
  packet_id         INTEGER PRIMARY KEY,
  transport         INTEGER NOT NULL,
  txid              INTEGER NOT NULL,
  is_response       INTEGER NOT NULL,
  opcode            INTEGER,
  rcode             INTEGER,
  aa                INTEGER,
  tc                INTEGER,
  rd                INTEGER,
  ra                INTEGER,
  qname             TEXT,
  qtype             INTEGER,
  qclass            INTEGER,
  question_count    INTEGER,
  answer_count      INTEGER,
  authority_count   INTEGER,
  additional_count  INTEGER,
  edns_payload_size INTEGER,
  answers           TEXT,
  authority         TEXT,
  additional        TEXT
);
CREATE TABLE fact_icmp_message (
  packet_id       INTEGER PRIMARY KEY,
  version         INTEGER NOT NULL,
  type            INTEGER NOT NULL,
  code            INTEGER NOT NULL,
  identifier      INTEGER,
  sequence        INTEGER,
  next_hop_mtu    INTEGER,
  gateway         TEXT,
  quoted_src      TEXT,
  quoted_src_port INTEGER,
  quoted_dst      TEXT,
  quoted_dst_port INTEGER,
  quoted_ip_proto INTEGER,
  quoted_ip_id    INTEGER,
  quoted_length   INTEGER,
  quoted_tcp_seq  INTEGER,
  quoted_dns_txid INTEGER,
  quoted_qname    TEXT,
  quoted_qtype    INTEGER,
  quoted_key      INTEGER
);
CREATE TABLE fact_arp_message (
  packet_id  INTEGER PRIMARY KEY,
  operation  INTEGER NOT NULL,
  sender_mac TEXT,
  sender_ip  TEXT,
  target_mac TEXT,
  target_ip  TEXT
);
CREATE TABLE fact_printed_line (
  packet_id  INTEGER PRIMARY KEY,
  first_line INTEGER NOT NULL,
  last_line  INTEGER NOT NULL
);
CREATE TABLE fact_fault (
  fault_id    INTEGER PRIMARY KEY,
  capture_id  INTEGER NOT NULL,
  packet_id   INTEGER,
  byte_offset INTEGER,
  kind        TEXT NOT NULL,
  layer       TEXT NOT NULL,
  message     TEXT NOT NULL
);
CREATE TABLE fact_comment (
  comment_id INTEGER PRIMARY KEY,
  capture_id INTEGER NOT NULL,
  packet_id  INTEGER,
  text       TEXT NOT NULL
);
CREATE TABLE fact_name (
  capture_id INTEGER NOT NULL,
  address    TEXT NOT NULL,
  name       TEXT NOT NULL,
  PRIMARY KEY (capture_id, address, name)
) WITHOUT ROWID;
CREATE TABLE derived_pending (
  capture_id   INTEGER PRIMARY KEY,
  first_stream INTEGER NOT NULL
);
CREATE TABLE derived_flow (
  flow_id            INTEGER PRIMARY KEY,
  client_is_src      INTEGER NOT NULL,
  duration_ns        INTEGER,
  packets_to_server  INTEGER NOT NULL,
  packets_to_client  INTEGER NOT NULL,
  bytes_to_server    INTEGER NOT NULL,
  bytes_to_client    INTEGER NOT NULL,
  state              INTEGER
);
CREATE TABLE derived_flow_member (
  conversation_id INTEGER PRIMARY KEY,
  flow_id         INTEGER NOT NULL
);
CREATE TABLE derived_dns_transaction (
  query_packet_id    INTEGER PRIMARY KEY,
  response_packet_id INTEGER,
  icmp_packet_id     INTEGER,
  stream_id          INTEGER NOT NULL,
  ts                 INTEGER,
  attempts           INTEGER NOT NULL,
  rcode              INTEGER,
  rtt_ns             INTEGER,
  outcome            INTEGER NOT NULL
);
CREATE TABLE derived_dns_retry (
  packet_id       INTEGER PRIMARY KEY,
  query_packet_id INTEGER NOT NULL
);
CREATE TABLE derived_icmp_link (
  icmp_packet_id     INTEGER PRIMARY KEY,
  original_packet_id INTEGER NOT NULL
);
CREATE TABLE derived_duplicate (
  packet_id       INTEGER PRIMARY KEY,
  first_packet_id INTEGER NOT NULL
);
CREATE TABLE derived_run (
  run_id          INTEGER PRIMARY KEY,
  investigation   TEXT NOT NULL,
  title           TEXT NOT NULL,
  severity        TEXT NOT NULL,
  sql             TEXT NOT NULL,
  evidence_sql    TEXT NOT NULL,
  parameters      TEXT NOT NULL,
  ran_at          INTEGER NOT NULL,
  program_version TEXT NOT NULL
);
CREATE TABLE derived_finding (
  finding_id INTEGER PRIMARY KEY,
  run_id     INTEGER NOT NULL,
  first_ts   INTEGER,
  last_ts    INTEGER,
  time_basis TEXT NOT NULL,
  summary    TEXT NOT NULL,
  details    TEXT NOT NULL
);
CREATE TABLE derived_finding_evidence (
  finding_id INTEGER NOT NULL,
  packet_id  INTEGER NOT NULL,
  PRIMARY KEY (finding_id, packet_id)
) WITHOUT ROWID;
CREATE INDEX fact_packet_by_stream ON fact_packet (stream_id);
CREATE INDEX fact_stream_by_ends ON fact_stream (src, dst);
CREATE INDEX fact_stream_by_dst ON fact_stream (dst);
CREATE INDEX fact_stream_by_key ON fact_stream (conversation_key)
WHERE conversation_key IS NOT NULL;
CREATE INDEX derived_dns_transaction_by_stream ON derived_dns_transaction (stream_id);
CREATE INDEX fact_fault_by_capture ON fact_fault (capture_id, packet_id);
