-- Facts: what the bytes of one capture say, alone.
--
-- Written once, in the capture's own transaction; never changed; removed only with their capture.
-- Times are nanoseconds since 1970-01-01 UTC, or since the first day's midnight where the
-- capture's time_basis is 'clock', or since its first packet where it is 'relative'.
-- NULL means that the capture does not say.

-- A source that was ingested.
CREATE TABLE fact_capture (
  capture_id        INTEGER PRIMARY KEY,
  name              TEXT NOT NULL UNIQUE,  -- how commands call it: the file's name, or --name
  path              TEXT,                  -- absolute; NULL for standard input
  format            TEXT NOT NULL,         -- pcap, pcapng or tcpdump-text
  compression       TEXT,                  -- gzip, zstd; NULL for none
  sha256            TEXT NOT NULL UNIQUE,  -- of the source's own bytes, lower-case hexadecimal
  size              INTEGER NOT NULL,      -- bytes of the source
  time_basis        TEXT NOT NULL,         -- utc, clock, relative or none
  packets           INTEGER NOT NULL,      -- rows of this capture in fact_packet
  first_ts          INTEGER,               -- the earliest packet's time
  last_ts           INTEGER,               -- the latest packet's time
  complete          INTEGER NOT NULL,      -- 1; 0 when the source ends early or cannot be followed
  cut_packets       INTEGER NOT NULL,      -- packets captured shorter than they were on the wire
  backward_steps    INTEGER NOT NULL,      -- packets earlier than the one before on their interface
  longest_gap_ns    INTEGER,               -- the longest time without a packet, in capture order
  longest_gap_ts    INTEGER,               -- when it began
  longest_gap_packet INTEGER,              -- number of the packet before it
  received          INTEGER,               -- packets that the capturing host says it received
  dropped           INTEGER,               -- packets that it says it lost for want of room
  filter            TEXT,                  -- the BPF expression that packets were chosen by
  packet_limit      INTEGER,               -- the number of packets reading was stopped after
  assumed_date      TEXT,                  -- the day given for a log that prints none
  assumed_time_zone TEXT,                  -- the zone of the times that a log prints; NULL: taken for UTC
  hardware          TEXT,                  -- pcapng: what the section says of its machine
  operating_system  TEXT,
  application       TEXT,
  ingested_at       INTEGER NOT NULL,      -- nanoseconds since 1970-01-01 UTC
  program_version   TEXT NOT NULL,         -- of the Wirecase that read it
  tcp_analysed      INTEGER                -- TCP segments whose sequence numbers were followed; NULL
                                           -- where none could be: in what is printed, and in what
                                           -- a Wirecase of before version 5 read
);

-- An interface that packets were captured on.
CREATE TABLE fact_interface (
  capture_id       INTEGER NOT NULL,
  interface        INTEGER NOT NULL,  -- its index in the capture, across sections
  link_type        INTEGER NOT NULL,  -- LINKTYPE_ value
  link_type_name   TEXT NOT NULL,     -- libpcap's name for it
  name             TEXT,
  description      TEXT,
  snap_length      INTEGER,           -- octets kept of a packet; NULL for no limit
  units_per_second INTEGER NOT NULL,  -- of the time stamps as captured
  filter           TEXT,              -- what the capturing program chose packets by
  operating_system TEXT,
  hardware         TEXT,
  received         INTEGER,           -- interface statistics; NULL where the capture has none
  dropped          INTEGER,
  os_dropped       INTEGER,
  PRIMARY KEY (capture_id, interface)
) WITHOUT ROWID;

-- A pair of link-layer addresses on one interface, with what it carries.
CREATE TABLE fact_link (
  link_id    INTEGER PRIMARY KEY,
  capture_id INTEGER NOT NULL,
  interface  INTEGER NOT NULL,
  eth_src    TEXT,     -- EUI-48, lower-case, parted by colons
  eth_dst    TEXT,
  ethertype  INTEGER,  -- behind VLAN tags; NULL for an IEEE 802.3 length
  vlan       TEXT,     -- VLAN identifiers, outermost first, parted by commas
  if_index   INTEGER,  -- interface's index on the host, of a Linux cooked capture, version 2
  tunnel     INTEGER   -- hash of what its packets were wrapped in, equal for both directions and in
                       -- every capture; NULL for nothing
);

-- What the packets of a link were wrapped in, the outermost first: their addresses are those inside.
CREATE TABLE fact_encapsulation (
  link_id    INTEGER NOT NULL,
  depth      INTEGER NOT NULL,  -- 1 for the outermost
  capture_id INTEGER NOT NULL,
  protocol   INTEGER NOT NULL,  -- lookup_protocol
  src        TEXT,              -- of the outer datagram; NULL for what has no addresses of its own
  dst        TEXT,
  identifier INTEGER,           -- network, key, session, label or tunnel endpoint; NULL for none
  PRIMARY KEY (link_id, depth)
) WITHOUT ROWID;

-- One direction of a conversation: the packets of a capture that share link, addresses, ports
-- and protocol. The directions of one conversation are the streams 2n and 2n + 1, and 2n is that
-- of its first packet. A TCP connection that uses another's addresses and ports again is a
-- conversation of its own; so may be the rest of one that was silent for long.
CREATE TABLE fact_stream (
  stream_id         INTEGER PRIMARY KEY,
  capture_id        INTEGER NOT NULL,
  link_id           INTEGER,
  ip_proto          INTEGER,           -- IANA protocol number; NULL for what is not IP
  src               TEXT,              -- address (RFC 5952 for IPv6), or the name a log prints
  src_port          INTEGER,
  dst               TEXT,
  dst_port          INTEGER,
  conversation_key  INTEGER,           -- hash of both ends and the protocol, equal for one
                                       -- conversation in two captures; of streams 2n alone
  packets           INTEGER NOT NULL,
  bytes             INTEGER NOT NULL,  -- on the wire, link layer included
  payload_bytes     INTEGER NOT NULL,  -- of TCP or UDP, by the headers' count
  first_packet      INTEGER NOT NULL,  -- number of its earliest packet, whose time is its first
  duration_ns       INTEGER,           -- from that to the latest packet
  tcp_flags         INTEGER,           -- every control bit that was seen, as in RFC 9293; and
                                       -- 256 for a SYN with ACK, 512 for a SYN without
  tcp_isn           INTEGER,           -- sequence number of the SYN
  tcp_mss           INTEGER,           -- maximum segment size of the SYN, octets
  tcp_window_scale  INTEGER,           -- shift count of the SYN
  application       INTEGER            -- lookup_protocol: what the conversation's octets were read as;
                                       -- of streams 2n alone; NULL for nothing that is known
);

-- A packet. Its id is capture_id << 32 | number: time and place follow from it.
CREATE TABLE fact_packet (
  packet_id       INTEGER PRIMARY KEY,
  ts              INTEGER,
  stream_id       INTEGER NOT NULL,
  byte_offset     INTEGER NOT NULL,  -- of its record in the capture, after decompression
  captured_length INTEGER,           -- octets
  length          INTEGER,           -- octets on the wire; NULL when all were captured
  protocol        INTEGER NOT NULL,  -- where decoding stopped: lookup_protocol
  ttl             INTEGER,           -- IPv4 time to live, IPv6 hop limit
  ip_id           INTEGER,           -- identification; IPv6: of the fragment header
  tcp_flags       INTEGER,
  content         INTEGER,           -- what tells it from its like, as a signed number of 32 bits:
                                     -- TCP's sequence number; without TCP and DNS, a hash of the
                                     -- payload's first 24 octets
  payload_length  INTEGER            -- octets of TCP or UDP payload, by the headers' count
);

-- A packet whose octets are all those of one at most 1 ms before, on the same interface: what a
-- mirrored port shows that copies packets twice.
CREATE TABLE fact_repetition (
  packet_id       INTEGER PRIMARY KEY,
  first_packet_id INTEGER NOT NULL  -- the first of them
);

-- What TCP's sequence numbers tell of a packet; most packets have no such row.
CREATE TABLE fact_tcp_event (
  packet_id INTEGER NOT NULL,
  event     INTEGER NOT NULL,  -- lookup_tcp_event
  PRIMARY KEY (packet_id, event)
) WITHOUT ROWID;

-- A packet that is one piece of a datagram.
CREATE TABLE fact_fragment (
  packet_id      INTEGER PRIMARY KEY,
  offset         INTEGER NOT NULL,  -- octets before it in the datagram's payload
  more_fragments INTEGER NOT NULL
);

-- A DNS message: RFC 1035.
CREATE TABLE fact_dns_message (
  packet_id         INTEGER NOT NULL,
  position          INTEGER NOT NULL,  -- among those of its packet, from 0: over TCP there may be several
  transport         INTEGER NOT NULL,  -- 0 UDP, 1 TCP
  txid              INTEGER NOT NULL,
  is_response       INTEGER NOT NULL,
  opcode            INTEGER,
  rcode             INTEGER,           -- with EDNS all twelve bits
  aa                INTEGER,
  tc                INTEGER,
  rd                INTEGER,
  ra                INTEGER,
  qname             TEXT,              -- lower case, no final dot; '.' is the root
  qtype             INTEGER,
  qclass            INTEGER,
  question_count    INTEGER,
  answer_count      INTEGER,
  authority_count   INTEGER,
  additional_count  INTEGER,
  edns_payload_size INTEGER,
  answers           TEXT,              -- '[owner] TTL type data', parted by '; ';
  authority         TEXT,              -- no owner where it is the question's name
  additional        TEXT,
  PRIMARY KEY (packet_id, position)
) WITHOUT ROWID;

-- An ICMP or ICMPv6 message: RFC 792, RFC 4443.
CREATE TABLE fact_icmp_message (
  packet_id       INTEGER PRIMARY KEY,
  version         INTEGER NOT NULL,  -- 4 ICMP, 6 ICMPv6
  type            INTEGER NOT NULL,
  code            INTEGER NOT NULL,
  identifier      INTEGER,           -- of an echo
  sequence        INTEGER,
  next_hop_mtu    INTEGER,           -- octets
  gateway         TEXT,              -- of a redirect
  quoted_src      TEXT,              -- of the datagram that an error quotes
  quoted_src_port INTEGER,
  quoted_dst      TEXT,
  quoted_dst_port INTEGER,
  quoted_ip_proto INTEGER,
  quoted_ip_id    INTEGER,
  quoted_length   INTEGER,           -- octets of the quoted datagram, by its own header
  quoted_tcp_seq  INTEGER,
  quoted_dns_txid INTEGER,
  quoted_qname    TEXT,
  quoted_qtype    INTEGER,
  quoted_key      INTEGER            -- the quoted datagram's conversation_key
);

-- An ARP packet for IPv4 over Ethernet: RFC 826.
CREATE TABLE fact_arp_message (
  packet_id  INTEGER PRIMARY KEY,
  operation  INTEGER NOT NULL,  -- 1 request, 2 reply
  sender_mac TEXT,
  sender_ip  TEXT,
  target_mac TEXT,
  target_ip  TEXT
);

-- The lines of a printed capture that a packet was read from.
CREATE TABLE fact_printed_line (
  packet_id  INTEGER PRIMARY KEY,
  first_line INTEGER NOT NULL,  -- from 1
  last_line  INTEGER NOT NULL
);

-- What could not be read or decoded.
CREATE TABLE fact_fault (
  fault_id    INTEGER PRIMARY KEY,
  capture_id  INTEGER NOT NULL,
  packet_id   INTEGER,           -- NULL when no packet could be made of it
  byte_offset INTEGER,           -- in the capture; in the packet where there is one
  kind        TEXT NOT NULL,     -- cut, malformed, incomplete, not understood, unsupported
  layer       TEXT NOT NULL,     -- capture, or the protocol
  message     TEXT NOT NULL
);

-- A source of which nothing could be read. Taken out when the same path is ingested after all.
CREATE TABLE fact_unread_source (
  path     TEXT PRIMARY KEY,  -- absolute
  message  TEXT NOT NULL,     -- why, and what to do
  tried_at INTEGER NOT NULL   -- nanoseconds since 1970-01-01 UTC
);

-- A comment that a capture carries: of a packet, or of the capture (packet_id NULL).
CREATE TABLE fact_comment (
  comment_id INTEGER PRIMARY KEY,
  capture_id INTEGER NOT NULL,
  packet_id  INTEGER,
  text       TEXT NOT NULL
);

-- A name that a capture gives for an address (pcapng name resolution block).
CREATE TABLE fact_name (
  capture_id INTEGER NOT NULL,
  address    TEXT NOT NULL,
  name       TEXT NOT NULL,
  PRIMARY KEY (capture_id, address, name)
) WITHOUT ROWID;

-- A piece of a source that is kept in the case, in its order.
CREATE TABLE fact_source_block (
  block_id INTEGER PRIMARY KEY,  -- capture_id << 32 | its number, from 0
  octets   BLOB NOT NULL         -- one frame of Zstandard (RFC 8878) with its length and checksum;
                                 -- unpacked, every piece but a source's last has 1,048,576 octets
);
