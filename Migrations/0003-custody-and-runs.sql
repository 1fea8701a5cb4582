-- From version 2: where captures came from, and what was done to the case.
CREATE TABLE custody_source (
  capture_id  INTEGER PRIMARY KEY,
  sha1        TEXT,
  md5         TEXT,
  modified_at INTEGER,
  ingested_by TEXT NOT NULL,
  ingested_on TEXT NOT NULL,
  options     TEXT NOT NULL
);
CREATE TABLE custody_event (
  event_id        INTEGER PRIMARY KEY AUTOINCREMENT,
  at              INTEGER NOT NULL,
  who             TEXT NOT NULL,
  host            TEXT NOT NULL,
  program_version TEXT NOT NULL,
  action          TEXT NOT NULL,
  details         TEXT NOT NULL,
  previous_sha256 TEXT NOT NULL,
  sha256          TEXT NOT NULL
);
CREATE TRIGGER custody_event_stays_as_it_is BEFORE UPDATE ON custody_event
BEGIN SELECT RAISE(ABORT, 'the log is only ever added to'); END;
CREATE TRIGGER custody_event_stays BEFORE DELETE ON custody_event
BEGIN SELECT RAISE(ABORT, 'the log is only ever added to'); END;

-- Each capture is derived in its own transaction now: nothing is left for later.
DROP TABLE derived_pending;

CREATE INDEX derived_flow_member_by_flow ON derived_flow_member (flow_id);

-- Of what is not TCP it may hold a hash of the payload.
ALTER TABLE fact_packet RENAME COLUMN tcp_seq TO content;

-- What a run looked at. Of earlier runs it is not known; they are taken for runs of the whole case.
CREATE TEMP TABLE earlier_run AS SELECT * FROM derived_run;
DROP TABLE derived_run;
CREATE TABLE derived_run (
  run_id          INTEGER PRIMARY KEY,
  investigation   TEXT NOT NULL,
  title           TEXT NOT NULL,
  severity        TEXT NOT NULL,
  sql             TEXT NOT NULL,
  evidence_sql    TEXT NOT NULL,
  parameters      TEXT NOT NULL,
  ran_at          INTEGER NOT NULL,
  program_version TEXT NOT NULL,
  since           INTEGER,
  until           INTEGER,
  is_whole        INTEGER NOT NULL,
  captures        TEXT NOT NULL
);
INSERT INTO derived_run
SELECT run_id, investigation, title, severity, sql, evidence_sql, parameters, ran_at,
       program_version, NULL, NULL, 1, ''
FROM earlier_run;
DROP TABLE earlier_run;

CREATE TABLE derived_clock_offset (
  capture_id       INTEGER NOT NULL,
  other_capture_id INTEGER NOT NULL,
  offset_ns        INTEGER NOT NULL,
  spread_ns        INTEGER NOT NULL,
  packets          INTEGER NOT NULL,
  PRIMARY KEY (capture_id, other_capture_id)
) WITHOUT ROWID;

CREATE TABLE custody_note (
  note_id    INTEGER PRIMARY KEY,
  at         INTEGER NOT NULL,
  who        TEXT NOT NULL,
  host       TEXT NOT NULL,
  text       TEXT NOT NULL,
  packet_id  INTEGER,
  is_of_flow INTEGER NOT NULL,
  finding_id INTEGER,
  ts         INTEGER
);
