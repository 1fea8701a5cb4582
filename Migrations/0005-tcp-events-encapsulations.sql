-- From version 4: what TCP's sequence numbers tell, and what packets were wrapped in. Captures that an
-- earlier version read were never looked at for that; of a tunnel they have the outer datagrams.
CREATE TABLE fact_tcp_event (
  packet_id INTEGER NOT NULL,
  event     INTEGER NOT NULL,
  PRIMARY KEY (packet_id, event)
) WITHOUT ROWID;

CREATE TEMP TABLE earlier_capture AS SELECT * FROM fact_capture;
DROP TABLE fact_capture;
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
  program_version   TEXT NOT NULL,
  tcp_analysed      INTEGER
);
INSERT INTO fact_capture SELECT *, NULL FROM earlier_capture;
DROP TABLE earlier_capture;

CREATE TEMP TABLE earlier_link AS SELECT * FROM fact_link;
DROP TABLE fact_link;
CREATE TABLE fact_link (
  link_id    INTEGER PRIMARY KEY,
  capture_id INTEGER NOT NULL,
  interface  INTEGER NOT NULL,
  eth_src    TEXT,
  eth_dst    TEXT,
  ethertype  INTEGER,
  vlan       TEXT,
  if_index   INTEGER,
  tunnel     INTEGER
);
INSERT INTO fact_link SELECT *, NULL FROM earlier_link;
DROP TABLE earlier_link;

CREATE TABLE fact_encapsulation (
  link_id    INTEGER NOT NULL,
  depth      INTEGER NOT NULL,
  capture_id INTEGER NOT NULL,
  protocol   INTEGER NOT NULL,
  src        TEXT,
  dst        TEXT,
  identifier INTEGER,
  PRIMARY KEY (link_id, depth)
) WITHOUT ROWID;
