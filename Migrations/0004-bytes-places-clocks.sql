-- From version 3: sources kept in the case, places where they were found again, clocks that are taken
-- into account, and packets that a mirrored port shows twice, which earlier versions did not tell.
CREATE TABLE fact_repetition (
  packet_id       INTEGER PRIMARY KEY,
  first_packet_id INTEGER NOT NULL
);
CREATE TABLE fact_source_block (
  block_id INTEGER PRIMARY KEY,
  octets   BLOB NOT NULL
);
CREATE TABLE custody_location (
  capture_id INTEGER PRIMARY KEY,
  path       TEXT NOT NULL,
  found_at   INTEGER NOT NULL
);
CREATE TABLE custody_alignment (
  capture_id INTEGER PRIMARY KEY,
  shift_ns   INTEGER NOT NULL
);
