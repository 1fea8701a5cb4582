-- Derivations: what follows from the facts of all captures together.
--
-- Written by deriving, after facts change; dropped and rebuilt at any time without loss. Runs and
-- findings are what users asked: they stay, and say what they looked at.

-- A bidirectional conversation in the case. Its id is the number of its first conversation
-- (stream_id >> 1), whose streams hold its ends; the conversations that continue it stand in
-- derived_flow_member.
CREATE TABLE derived_flow (
  flow_id            INTEGER PRIMARY KEY,
  client_is_src      INTEGER NOT NULL,  -- 1 when the source of stream 2 * flow_id is the client:
                                        -- who sent the SYN; else who is not at the well-known
                                        -- port; else who sent first
  duration_ns        INTEGER,           -- from its first event to its last
  packets_to_server  INTEGER NOT NULL,
  packets_to_client  INTEGER NOT NULL,
  bytes_to_server    INTEGER NOT NULL,
  bytes_to_client    INTEGER NOT NULL,
  state              INTEGER            -- lookup_flow_state
);

-- A conversation that belongs to a flow with another number: it goes on with it, or shows what
-- others showed before.
CREATE TABLE derived_flow_member (
  conversation_id INTEGER PRIMARY KEY,  -- stream_id >> 1
  flow_id         INTEGER NOT NULL
);

-- One DNS question, its retries, its fate. Keyed by the message that asked first.
CREATE TABLE derived_dns_transaction (
  query_packet_id    INTEGER NOT NULL,
  query_position     INTEGER NOT NULL,  -- of the message in its packet, as in fact_dns_message
  response_packet_id INTEGER,
  response_position  INTEGER,
  icmp_packet_id     INTEGER,           -- the ICMP error that quotes the query
  stream_id          INTEGER NOT NULL,  -- of the query: client to server
  ts                 INTEGER,           -- of the first attempt
  attempts           INTEGER NOT NULL,  -- 1 and each retry
  rcode              INTEGER,           -- of the answer
  rtt_ns             INTEGER,           -- from the first attempt to the answer
  outcome            INTEGER NOT NULL,  -- lookup_outcome
  PRIMARY KEY (query_packet_id, query_position)
) WITHOUT ROWID;

-- A query that asks again what its transaction asked first.
CREATE TABLE derived_dns_retry (
  packet_id       INTEGER NOT NULL,
  position        INTEGER NOT NULL,
  query_packet_id INTEGER NOT NULL,
  query_position  INTEGER NOT NULL,
  PRIMARY KEY (packet_id, position)
) WITHOUT ROWID;

-- An ICMP error and the very packet that it quotes.
CREATE TABLE derived_icmp_link (
  icmp_packet_id     INTEGER PRIMARY KEY,
  original_packet_id INTEGER NOT NULL
);

-- A packet that was seen before, at another place: one event, several sightings.
CREATE TABLE derived_duplicate (
  packet_id       INTEGER PRIMARY KEY,
  first_packet_id INTEGER NOT NULL
);

-- How far the clocks of two captures are apart, by the packets that both show. Of the two, capture_id
-- has the smaller digest.
CREATE TABLE derived_clock_offset (
  capture_id       INTEGER NOT NULL,
  other_capture_id INTEGER NOT NULL,
  offset_ns        INTEGER NOT NULL,  -- what the other's clock shows more; median of the differences,
                                      -- halfway between the two directions' where both are there
  spread_ns        INTEGER NOT NULL,  -- between the quartiles of the differences
  packets          INTEGER NOT NULL,  -- that it was estimated from
  PRIMARY KEY (capture_id, other_capture_id)
) WITHOUT ROWID;

-- One run of one investigation: what was asked, exactly.
CREATE TABLE derived_run (
  run_id          INTEGER PRIMARY KEY,
  investigation   TEXT NOT NULL,     -- its name: the file's, without .sql
  title           TEXT NOT NULL,
  severity        TEXT NOT NULL,
  sql             TEXT NOT NULL,     -- the statement as it was run
  evidence_sql    TEXT NOT NULL,     -- the statement that yields a finding's packets
  parameters      TEXT NOT NULL,     -- JSON object, name to value
  ran_at          INTEGER NOT NULL,  -- nanoseconds since 1970-01-01 UTC
  program_version TEXT NOT NULL,
  since           INTEGER,           -- the part of the case that was looked at; NULL for no bound
  until           INTEGER,
  is_whole        INTEGER NOT NULL,  -- 1 when every capture of the case was looked at
  captures        TEXT NOT NULL      -- SHA-256 of those that were, in their order, parted by blanks
);

-- A row that an investigation reported.
CREATE TABLE derived_finding (
  finding_id INTEGER PRIMARY KEY,
  run_id     INTEGER NOT NULL,
  first_ts   INTEGER,
  last_ts    INTEGER,
  time_basis TEXT NOT NULL,     -- how the two times read: as fact_capture's
  summary    TEXT NOT NULL,
  details    TEXT NOT NULL      -- the row, as a JSON object, column to value
);

-- A packet that a finding cites.
CREATE TABLE derived_finding_evidence (
  finding_id INTEGER NOT NULL,
  packet_id  INTEGER NOT NULL,
  PRIMARY KEY (finding_id, packet_id)
) WITHOUT ROWID;
