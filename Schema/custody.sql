-- Custody: where every capture came from, and what was done to the case.

-- The source of a capture as it was when it was read; its SHA-256 and size stand in fact_capture.
CREATE TABLE custody_source (
  capture_id  INTEGER PRIMARY KEY,
  sha1        TEXT,           -- lower-case hexadecimal; NULL unless it was asked for
  md5         TEXT,           -- likewise
  modified_at INTEGER,        -- of the file, ns since 1970-01-01 UTC; NULL for standard input
  ingested_by TEXT NOT NULL,  -- user
  ingested_on TEXT NOT NULL,  -- host
  options     TEXT NOT NULL   -- what was asked for, a JSON object
);

-- Where a source was found again, by its digest, after it was moved.
CREATE TABLE custody_location (
  capture_id INTEGER PRIMARY KEY,
  path       TEXT NOT NULL,    -- absolute
  found_at   INTEGER NOT NULL  -- ns since 1970-01-01 UTC
);

-- A capture whose clock an analyst had taken into account; the one that is believed has a shift of 0.
CREATE TABLE custody_alignment (
  capture_id INTEGER PRIMARY KEY,
  shift_ns   INTEGER NOT NULL  -- added to its times where they are compared with other captures'
);

-- What an analyst wrote, about a packet, a flow, a finding, a time, or the case.
CREATE TABLE custody_note (
  note_id    INTEGER PRIMARY KEY,
  at         INTEGER NOT NULL,       -- ns since 1970-01-01 UTC
  who        TEXT NOT NULL,          -- user
  host       TEXT NOT NULL,
  text       TEXT NOT NULL,
  packet_id  INTEGER,          -- the packet it is about; the first of a flow
  is_of_flow INTEGER NOT NULL, -- 1 when it is about the flow of that packet
  finding_id INTEGER,
  ts         INTEGER          -- the time it is about, ns since 1970-01-01 UTC
);

-- The log: a row for each change of the case, in order. Each holds the digest of the one before, so
-- that none can be changed, taken out or put in between without the rest showing it.
CREATE TABLE custody_event (
  event_id        INTEGER PRIMARY KEY AUTOINCREMENT,  -- from 1, without a gap
  at              INTEGER NOT NULL,  -- ns since 1970-01-01 UTC
  who             TEXT NOT NULL,     -- user
  host            TEXT NOT NULL,
  program_version TEXT NOT NULL,
  action          TEXT NOT NULL,     -- ingest, embed, merge, unread, run, derive, remove, align,
                                     -- locate, note or migrate
  details         TEXT NOT NULL,     -- a JSON object
  previous_sha256 TEXT NOT NULL,     -- of the event before; 64 zeros before the first
  sha256          TEXT NOT NULL      -- of the columns before it, in their order, each written as a
                                     -- netstring: its octets' number, ':', the octets, ','
);

CREATE TRIGGER custody_event_stays_as_it_is BEFORE UPDATE ON custody_event
BEGIN SELECT RAISE(ABORT, 'the log is only ever added to'); END;

CREATE TRIGGER custody_event_stays BEFORE DELETE ON custody_event
BEGIN SELECT RAISE(ABORT, 'the log is only ever added to'); END;
