-- Messages of NTP: RFC 5905, figure 8; RFC 9327, figure 1; and ntpd's private ones.
CREATE TABLE fact_ntp_message (
  packet_id          INTEGER NOT NULL,
  position           INTEGER NOT NULL,  -- among those of its packet, from 0
  version            INTEGER NOT NULL,
  mode               INTEGER NOT NULL,  -- 1 to 7
  leap               INTEGER,       -- of modes 1 to 5; likewise below
  stratum            INTEGER,
  poll               INTEGER,       -- seconds, as a power of two
  precision          INTEGER,       -- seconds, as a power of two
  root_delay_ns      INTEGER,
  root_dispersion_ns INTEGER,
  reference_id       TEXT,
  reference_ts       INTEGER,       -- ns since 1970, as the message says
  origin_ts          INTEGER,
  receive_ts         INTEGER,
  transmit_ts        INTEGER,
  key_id             INTEGER,
  code               INTEGER,       -- of mode 6 the operation, of mode 7 the request
  is_response        INTEGER,       -- of modes 3, 4, 6 and 7
  items              INTEGER,       -- of mode 6 octets of data, of mode 7 items
  PRIMARY KEY (packet_id, position)
) WITHOUT ROWID;
