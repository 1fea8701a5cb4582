-- The identification that an end of an SSH connection sends first: RFC 4253, 4.2.
CREATE TABLE fact_ssh_banner (
  packet_id        INTEGER NOT NULL,
  position         INTEGER NOT NULL,  -- among those of its packet, from 0
  protocol_version TEXT NOT NULL,     -- such as 2.0
  software         TEXT NOT NULL,     -- such as OpenSSH_9.6p1
  comments         TEXT,
  PRIMARY KEY (packet_id, position)
) WITHOUT ROWID;
