-- Messages of syslog: RFC 5424, RFC 3164.
CREATE TABLE fact_syslog_message (
  packet_id       INTEGER NOT NULL,
  position        INTEGER NOT NULL,  -- among those of its packet, from 0
  facility        INTEGER NOT NULL,  -- 0 to 23
  severity        INTEGER NOT NULL,  -- 0 to 7
  version         INTEGER,          -- 1 for RFC 5424, NULL for RFC 3164
  timestamp       TEXT,             -- as sent
  host            TEXT,
  app             TEXT,
  process         TEXT,
  message_id      TEXT,
  structured_data TEXT,             -- as sent
  message         TEXT,
  PRIMARY KEY (packet_id, position)
) WITHOUT ROWID;
