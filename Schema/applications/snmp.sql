-- A message of SNMP: RFC 1157, RFC 3416, RFC 3412. Communities and values are not kept.
CREATE TABLE fact_snmp_message (
  packet_id             INTEGER NOT NULL,
  position              INTEGER NOT NULL,  -- among those of its packet, from 0
  version               INTEGER NOT NULL,  -- as on the wire: 0 for 1, 1 for 2c, 3 for 3
  pdu_type              INTEGER,           -- its tag's number; NULL where it is encrypted
  message_id            INTEGER,           -- of version 3
  request_id            INTEGER,
  error_status          INTEGER,           -- in a get-bulk-request, non-repeaters
  error_index           INTEGER,           -- in a get-bulk-request, max-repetitions
  first_oid             TEXT,
  variable_count        INTEGER,
  has_default_community INTEGER,           -- NULL in version 3
  user_name             TEXT,
  flags                 INTEGER,           -- msgFlags: 1 authenticated, 2 encrypted, 4 reportable
  is_encrypted          INTEGER NOT NULL,
  enterprise            TEXT,              -- of a trap of version 1, as the next three
  agent_address         TEXT,
  generic_trap          INTEGER,
  specific_trap         INTEGER,
  trap_oid              TEXT,              -- of a trap or inform of version 2
  PRIMARY KEY (packet_id, position)
) WITHOUT ROWID;
