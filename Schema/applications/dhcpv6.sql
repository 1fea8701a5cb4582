-- Messages of DHCPv6: RFC 8415. Of one that relays brought, what the client or server sent.
CREATE TABLE fact_dhcpv6_message (
  packet_id      INTEGER NOT NULL,
  position       INTEGER NOT NULL,  -- among those of its packet, from 0
  message_type   INTEGER NOT NULL,  -- RFC 8415, 7.3
  transaction_id INTEGER,           -- 24 bits; NULL for a relay's message
  relays         INTEGER,           -- that brought it; NULL for none
  link_address   TEXT,              -- of the relay next to the client; likewise the next two
  peer_address   TEXT,
  interface_id   TEXT,              -- option 18, hexadecimal
  client_duid    TEXT,              -- option 1, hexadecimal
  server_duid    TEXT,              -- option 2, hexadecimal
  addresses      TEXT,              -- option 5, parted by commas; likewise below
  prefixes       TEXT,              -- option 26
  valid_seconds  INTEGER,           -- of the first of both
  status_code    INTEGER,           -- option 13
  status_message TEXT,
  dns_servers    TEXT,              -- option 23, RFC 3646
  domains        TEXT,              -- option 24, RFC 3646
  fqdn           TEXT,              -- option 39, RFC 4704
  parameters     TEXT,              -- option 6
  PRIMARY KEY (packet_id, position)
) WITHOUT ROWID;
