-- From version 3: sources kept in the case, places where they were found again, and clocks that are
-- taken into account.
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
