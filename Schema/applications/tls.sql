-- Hellos of TLS: RFC 8446, 4.1.
CREATE TABLE fact_tls_handshake (
  packet_id        INTEGER NOT NULL,
  position         INTEGER NOT NULL,  -- among those of its packet, from 0
  is_server        INTEGER NOT NULL,  -- 1 for a ServerHello, 0 for a ClientHello
  is_retry_request INTEGER NOT NULL,  -- 1 for a HelloRetryRequest
  transport        INTEGER NOT NULL,  -- 1 TCP, 2 QUIC
  version          INTEGER NOT NULL,  -- the highest offered, or the chosen one
  legacy_version   INTEGER NOT NULL,
  server_name      TEXT,
  alpn             TEXT,              -- parted by commas
  cipher_suite     INTEGER,           -- the chosen one
  is_resumed       INTEGER,
  ja3_text         TEXT,              -- of a server JA3S, likewise the next
  ja3              TEXT,
  ja4              TEXT,
  PRIMARY KEY (packet_id, position)
) WITHOUT ROWID;

-- The certificates that ends of TLS connections show for themselves: RFC 5246, 7.4.2.
CREATE TABLE fact_tls_certificate (
  packet_id           INTEGER NOT NULL,
  position            INTEGER NOT NULL,  -- among those of its packet, from 0
  is_server           INTEGER,           -- 1 for the server's, NULL where no hello was seen
  chain_length        INTEGER NOT NULL,
  sha256              TEXT NOT NULL,     -- of its DER
  subject             TEXT,              -- RFC 4514; NULL, as all that follow, where it cannot be read
  issuer              TEXT,
  alternative_names   TEXT,              -- parted by commas; NULL for none
  not_before          INTEGER,           -- ns
  not_after           INTEGER,           -- ns
  not_before_time     TEXT,              -- RFC 3339
  not_after_time      TEXT,
  serial              TEXT,
  is_self_issued      INTEGER,
  key_type            TEXT,
  key_bits            INTEGER,           -- NULL for a kind whose keys are not counted in bits
  signature_algorithm TEXT,
  PRIMARY KEY (packet_id, position)
) WITHOUT ROWID;

-- Alerts of TLS: RFC 8446, 6.
CREATE TABLE fact_tls_alert (
  packet_id    INTEGER NOT NULL,
  position     INTEGER NOT NULL,  -- among those of its packet, from 0
  is_encrypted INTEGER NOT NULL,
  is_server    INTEGER,           -- 1 where the server sent it, NULL where no hello was seen
  level        INTEGER,           -- 1 warning, 2 fatal; NULL where it is encrypted
  description  INTEGER,           -- lookup_tls_alert; NULL likewise
  PRIMARY KEY (packet_id, position)
) WITHOUT ROWID;
