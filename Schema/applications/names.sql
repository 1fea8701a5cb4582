-- A message by which hosts of one link ask each other for names: multicast DNS (RFC 6762), LLMNR (RFC 4795),
-- NetBIOS's name service (RFC 1002, 4.2).
CREATE TABLE fact_name_message (
  packet_id        INTEGER NOT NULL,
  position         INTEGER NOT NULL,  -- among those of its packet, from 0
  protocol         INTEGER NOT NULL,  -- lookup_protocol
  txid             INTEGER NOT NULL,
  is_response      INTEGER NOT NULL,
  opcode           INTEGER,
  rcode            INTEGER,
  tc               INTEGER,
  qname            TEXT,              -- of the first question, as in fact_dns_message; of NetBIOS 'NAME<00>'
  qtype            INTEGER,
  questions        TEXT,              -- 'name type', parted by '; '; NULL for one alone
  question_count   INTEGER,
  answer_count     INTEGER,
  authority_count  INTEGER,
  additional_count INTEGER,
  answers          TEXT,              -- as in fact_dns_message
  authority        TEXT,
  additional       TEXT,
  PRIMARY KEY (packet_id, position)
) WITHOUT ROWID;
