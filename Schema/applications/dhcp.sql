-- Messages of DHCP and BOOTP: RFC 2131, 2132, 951. An address of 0.0.0.0 is NULL.
CREATE TABLE fact_dhcp_message (
  packet_id     INTEGER NOT NULL,
  position      INTEGER NOT NULL,  -- among those of its packet, from 0
  op            INTEGER NOT NULL,  -- 1 to a server, 2 to a client
  message_type  INTEGER,           -- option 53; NULL for BOOTP
  xid           INTEGER NOT NULL,
  seconds       INTEGER NOT NULL,  -- since the client began, as it says
  is_broadcast  INTEGER NOT NULL,  -- the client asks that answers go to all
  client_mac    TEXT,              -- octets parted by colons, whatever their number
  client_ip     TEXT,              -- ciaddr
  your_ip       TEXT,              -- yiaddr
  server_ip     TEXT,              -- siaddr
  relay_ip      TEXT,              -- giaddr
  server_id     TEXT,              -- option 54
  requested_ip  TEXT,              -- option 50
  lease_seconds INTEGER,           -- option 51
  subnet_mask   TEXT,              -- option 1
  routers       TEXT,              -- option 3, parted by commas; likewise below
  dns_servers   TEXT,              -- option 6
  domain        TEXT,              -- option 15
  host_name     TEXT,              -- option 12
  fqdn          TEXT,              -- option 81, RFC 4702
  vendor_class  TEXT,              -- option 60
  client_id     TEXT,              -- option 61, hexadecimal
  message       TEXT,              -- option 56
  parameters    TEXT,              -- option 55
  routes        TEXT,              -- option 121, RFC 3442
  proxy_url     TEXT,              -- option 252
  server_name   TEXT,              -- option 66, else sname
  boot_file     TEXT,              -- option 67, else file
  circuit_id    TEXT,              -- option 82, RFC 3046, suboption 1, hexadecimal
  remote_id     TEXT,              -- suboption 2, hexadecimal
  PRIMARY KEY (packet_id, position)
) WITHOUT ROWID;
