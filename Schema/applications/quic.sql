-- Packets of QUIC with a long header, of which a datagram may hold several: RFC 9000, 17.2. Of Handshake packets the
-- first of each end.
CREATE TABLE fact_quic_packet (
  packet_id          INTEGER NOT NULL,
  position           INTEGER NOT NULL,  -- among those of its packet, from 0
  packet_type        INTEGER,           -- as version 1 numbers them, 4 for a Version Negotiation; NULL where not known
  version            INTEGER NOT NULL,  -- 0 for a Version Negotiation
  version_name       TEXT,              -- such as 1, 2, draft-29, Q050; NULL where it is not known
  dcid               TEXT NOT NULL,     -- hexadecimal, as is scid; empty for none
  scid               TEXT NOT NULL,
  token_length       INTEGER,           -- of an Initial, and of a Retry without its tag; octets
  supported_versions TEXT,              -- of a Version Negotiation; parted by commas
  is_client          INTEGER,           -- 1 where the client sent it; NULL where that cannot be told
  is_decrypted       INTEGER,           -- 1 where an Initial's frames were read; NULL for other types
  server_name        TEXT,              -- of the ClientHello that it completes
  close_error        INTEGER,           -- of a CONNECTION_CLOSE frame in an Initial
  close_reason       TEXT,
  PRIMARY KEY (packet_id, position)
) WITHOUT ROWID;
