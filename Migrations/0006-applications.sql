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

-- A packet may hold several DNS messages; questions are matched anew.
ALTER TABLE fact_dns_message RENAME TO earlier_dns_message;
CREATE TABLE fact_dns_message (
  packet_id         INTEGER NOT NULL,
  position          INTEGER NOT NULL,
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
  additional        TEXT,
  PRIMARY KEY (packet_id, position)
) WITHOUT ROWID;
INSERT INTO fact_dns_message
SELECT packet_id, 0, transport, txid, is_response, opcode, rcode, aa, tc, rd, ra, qname, qtype,
       qclass, question_count, answer_count, authority_count, additional_count, edns_payload_size,
       answers, authority, additional
FROM earlier_dns_message
ORDER BY packet_id;
DROP TABLE earlier_dns_message;
DROP TABLE derived_dns_transaction;
CREATE TABLE derived_dns_transaction (
  query_packet_id    INTEGER NOT NULL,
  query_position     INTEGER NOT NULL,
  response_packet_id INTEGER,
  response_position  INTEGER,
  icmp_packet_id     INTEGER,
  stream_id          INTEGER NOT NULL,
  ts                 INTEGER,
  attempts           INTEGER NOT NULL,
  rcode              INTEGER,
  rtt_ns             INTEGER,
  outcome            INTEGER NOT NULL,
  PRIMARY KEY (query_packet_id, query_position)
) WITHOUT ROWID;
CREATE INDEX derived_dns_transaction_by_stream ON derived_dns_transaction (stream_id);
DROP TABLE derived_dns_retry;
CREATE TABLE derived_dns_retry (
  packet_id       INTEGER NOT NULL,
  position        INTEGER NOT NULL,
  query_packet_id INTEGER NOT NULL,
  query_position  INTEGER NOT NULL,
  PRIMARY KEY (packet_id, position)
) WITHOUT ROWID;

-- Application protocols, each in tables of its own.
CREATE TABLE fact_dhcp_message (
  packet_id     INTEGER NOT NULL,
  position      INTEGER NOT NULL,
  op            INTEGER NOT NULL,
  message_type  INTEGER,
  xid           INTEGER NOT NULL,
  seconds       INTEGER NOT NULL,
  is_broadcast  INTEGER NOT NULL,
  client_mac    TEXT,
  client_ip     TEXT,
  your_ip       TEXT,
  server_ip     TEXT,
  relay_ip      TEXT,
  server_id     TEXT,
  requested_ip  TEXT,
  lease_seconds INTEGER,
  subnet_mask   TEXT,
  routers       TEXT,
  dns_servers   TEXT,
  domain        TEXT,
  host_name     TEXT,
  fqdn          TEXT,
  vendor_class  TEXT,
  client_id     TEXT,
  message       TEXT,
  parameters    TEXT,
  routes        TEXT,
  proxy_url     TEXT,
  server_name   TEXT,
  boot_file     TEXT,
  circuit_id    TEXT,
  remote_id     TEXT,
  PRIMARY KEY (packet_id, position)
) WITHOUT ROWID;
CREATE TABLE fact_dhcpv6_message (
  packet_id      INTEGER NOT NULL,
  position       INTEGER NOT NULL,
  message_type   INTEGER NOT NULL,
  transaction_id INTEGER,
  relays         INTEGER,
  link_address   TEXT,
  peer_address   TEXT,
  interface_id   TEXT,
  client_duid    TEXT,
  server_duid    TEXT,
  addresses      TEXT,
  prefixes       TEXT,
  valid_seconds  INTEGER,
  status_code    INTEGER,
  status_message TEXT,
  dns_servers    TEXT,
  domains        TEXT,
  fqdn           TEXT,
  parameters     TEXT,
  PRIMARY KEY (packet_id, position)
) WITHOUT ROWID;
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
CREATE INDEX fact_login_result_by_attempt
ON fact_login_result (attempt_packet_id, attempt_position);
CREATE TABLE fact_name_message (
  packet_id        INTEGER NOT NULL,
  position         INTEGER NOT NULL,
  protocol         INTEGER NOT NULL,
  txid             INTEGER NOT NULL,
  is_response      INTEGER NOT NULL,
  opcode           INTEGER,
  rcode            INTEGER,
  tc               INTEGER,
  qname            TEXT,
  qtype            INTEGER,
  questions        TEXT,
  question_count   INTEGER,
  answer_count     INTEGER,
  authority_count  INTEGER,
  additional_count INTEGER,
  answers          TEXT,
  authority        TEXT,
  additional       TEXT,
  PRIMARY KEY (packet_id, position)
) WITHOUT ROWID;
CREATE TABLE fact_ntp_message (
  packet_id          INTEGER NOT NULL,
  position           INTEGER NOT NULL,
  version            INTEGER NOT NULL,
  mode               INTEGER NOT NULL,
  leap               INTEGER,
  stratum            INTEGER,
  poll               INTEGER,
  precision          INTEGER,
  root_delay_ns      INTEGER,
  root_dispersion_ns INTEGER,
  reference_id       TEXT,
  reference_ts       INTEGER,
  origin_ts          INTEGER,
  receive_ts         INTEGER,
  transmit_ts        INTEGER,
  key_id             INTEGER,
  code               INTEGER,
  is_response        INTEGER,
  items              INTEGER,
  PRIMARY KEY (packet_id, position)
) WITHOUT ROWID;
CREATE TABLE fact_quic_packet (
  packet_id          INTEGER NOT NULL,
  position           INTEGER NOT NULL,
  packet_type        INTEGER,
  version            INTEGER NOT NULL,
  version_name       TEXT,
  dcid               TEXT NOT NULL,
  scid               TEXT NOT NULL,
  token_length       INTEGER,
  supported_versions TEXT,
  is_client          INTEGER,
  is_decrypted       INTEGER,
  server_name        TEXT,
  close_error        INTEGER,
  close_reason       TEXT,
  PRIMARY KEY (packet_id, position)
) WITHOUT ROWID;
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
CREATE TABLE fact_syslog_message (
  packet_id       INTEGER NOT NULL,
  position        INTEGER NOT NULL,
  facility        INTEGER NOT NULL,
  severity        INTEGER NOT NULL,
  version         INTEGER,
  timestamp       TEXT,
  host            TEXT,
  app             TEXT,
  process         TEXT,
  message_id      TEXT,
  structured_data TEXT,
  message         TEXT,
  PRIMARY KEY (packet_id, position)
) WITHOUT ROWID;
CREATE TABLE fact_tls_handshake (
  packet_id        INTEGER NOT NULL,
  position         INTEGER NOT NULL,
  is_server        INTEGER NOT NULL,
  is_retry_request INTEGER NOT NULL,
  transport        INTEGER NOT NULL,
  version          INTEGER NOT NULL,
  legacy_version   INTEGER NOT NULL,
  server_name      TEXT,
  alpn             TEXT,
  cipher_suite     INTEGER,
  is_resumed       INTEGER,
  ja3_text         TEXT,
  ja3              TEXT,
  ja4              TEXT,
  PRIMARY KEY (packet_id, position)
) WITHOUT ROWID;
CREATE TABLE fact_tls_certificate (
  packet_id           INTEGER NOT NULL,
  position            INTEGER NOT NULL,
  is_server           INTEGER,
  chain_length        INTEGER NOT NULL,
  sha256              TEXT NOT NULL,
  subject             TEXT,
  issuer              TEXT,
  alternative_names   TEXT,
  not_before          INTEGER,
  not_after           INTEGER,
  not_before_time     TEXT,
  not_after_time      TEXT,
  serial              TEXT,
  is_self_issued      INTEGER,
  key_type            TEXT,
  key_bits            INTEGER,
  signature_algorithm TEXT,
  PRIMARY KEY (packet_id, position)
) WITHOUT ROWID;
CREATE TABLE fact_tls_alert (
  packet_id    INTEGER NOT NULL,
  position     INTEGER NOT NULL,
  is_encrypted INTEGER NOT NULL,
  is_server    INTEGER,
  level        INTEGER,
  description  INTEGER,
  PRIMARY KEY (packet_id, position)
) WITHOUT ROWID;
