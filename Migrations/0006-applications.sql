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
CREATE TABLE fact_ssh_banner (
  packet_id        INTEGER NOT NULL,
  position         INTEGER NOT NULL,
  protocol_version TEXT NOT NULL,
  software         TEXT NOT NULL,
  comments         TEXT,
  PRIMARY KEY (packet_id, position)
) WITHOUT ROWID;
