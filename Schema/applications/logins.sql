-- A command of SMTP, FTP, IMAP or POP3, or a reply, by the packet that completes it.
CREATE TABLE fact_session_line (
  packet_id   INTEGER NOT NULL,
  position    INTEGER NOT NULL,  -- among those of its packet, from 0
  protocol    INTEGER NOT NULL,  -- lookup_protocol
  is_response INTEGER NOT NULL,  -- 0 or 1
  command     TEXT,              -- in capital letters; NULL for a response and for what is no known command
  argument    TEXT,              -- never a password
  status      TEXT,              -- of a response, as text
  text        TEXT,
  PRIMARY KEY (packet_id, position)
) WITHOUT ROWID;

-- An attempt to log in, by the packet that sent the last of it. Passwords are never kept.
CREATE TABLE fact_login (
  packet_id INTEGER NOT NULL,
  position  INTEGER NOT NULL,  -- among those of its packet, from 0
  protocol  INTEGER NOT NULL,  -- lookup_protocol
  user_name TEXT,              -- NULL where it is not known
  mechanism TEXT NOT NULL,     -- in small letters
  in_clear  INTEGER NOT NULL,  -- 1 when the password crossed so that anyone can read it
  PRIMARY KEY (packet_id, position)
) WITHOUT ROWID;

-- What came of an attempt to log in, by the packet that says so.
CREATE TABLE fact_login_result (
  packet_id         INTEGER NOT NULL,
  position          INTEGER NOT NULL,  -- among those of its packet, from 0
  attempt_packet_id INTEGER NOT NULL,  -- the attempt, in fact_login
  attempt_position  INTEGER NOT NULL,
  success           INTEGER NOT NULL,  -- 0 or 1
  PRIMARY KEY (packet_id, position)
) WITHOUT ROWID;

-- What came of an attempt.
CREATE INDEX fact_login_result_by_attempt
ON fact_login_result (attempt_packet_id, attempt_position);
