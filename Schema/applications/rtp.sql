-- A stream of RTP, RFC 3550: the first of its packets that is surely one.
CREATE TABLE fact_rtp_stream (
  packet_id           INTEGER NOT NULL,
  position            INTEGER NOT NULL,  -- always 0
  first_packet_id     INTEGER NOT NULL,  -- the first packet of it that was seen
  payload_type        INTEGER NOT NULL,  -- RFC 3551, 6
  ssrc                INTEGER NOT NULL,
  announced_packet_id INTEGER,           -- the SIP message that says that media go there
  PRIMARY KEY (packet_id, position)
) WITHOUT ROWID;
