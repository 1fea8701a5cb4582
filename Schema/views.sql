-- The contract: what users and investigations read. The tables below may change; these do not.
--
-- `ts` is nanoseconds since 1970-01-01 UTC (of a log that prints no date: since midnight);
-- `time` is the same instant as text: RFC 3339 in UTC, or the bare clock that was printed.

-- A source in the case.
CREATE VIEW captures AS
WITH
timed AS (  -- a capture with its time split into seconds and nanoseconds
  SELECT *,
         (first_ts % 1000000000 + 1000000000) % 1000000000 AS first_ns,
         (last_ts % 1000000000 + 1000000000) % 1000000000 AS last_ns
  FROM fact_capture
)
SELECT capture_id,                 -- number of the capture; packet_id >> 32 of its packets
       name,                       -- how commands call it
       c.path,                     -- absolute path it was read from; NULL for standard input
       format,                     -- pcap, pcapng or tcpdump-text
       compression,                -- gzip or zstd; NULL for none
       sha256,                     -- of the source's bytes, lower-case hexadecimal
       size,                       -- bytes of the source
       packets,                    -- packets in the case
       CASE time_basis             -- time of the earliest packet
         WHEN 'utc' THEN strftime('%Y-%m-%dT%H:%M:%S', (first_ts - first_ns) / 1000000000, 'unixepoch')
           || CASE WHEN first_ns % 1000 = 0 THEN printf('.%06dZ', first_ns / 1000)
              ELSE printf('.%09dZ', first_ns) END
         WHEN 'clock' THEN strftime('%H:%M:%S', (first_ts - first_ns) / 1000000000, 'unixepoch')
           || CASE WHEN first_ns % 1000 = 0 THEN printf('.%06d', first_ns / 1000)
              ELSE printf('.%09d', first_ns) END
           || CASE WHEN first_ts >= 86400000000000
              THEN printf(' +%dd', first_ts / 86400000000000) ELSE '' END
         WHEN 'relative' THEN '+' || (first_ts - first_ns) / 1000000000 || printf('.%09d s', first_ns)
       END AS first_time,
       CASE time_basis             -- time of the latest packet
         WHEN 'utc' THEN strftime('%Y-%m-%dT%H:%M:%S', (last_ts - last_ns) / 1000000000, 'unixepoch')
           || CASE WHEN last_ns % 1000 = 0 THEN printf('.%06dZ', last_ns / 1000)
              ELSE printf('.%09dZ', last_ns) END
         WHEN 'clock' THEN strftime('%H:%M:%S', (last_ts - last_ns) / 1000000000, 'unixepoch')
           || CASE WHEN last_ns % 1000 = 0 THEN printf('.%06d', last_ns / 1000)
              ELSE printf('.%09d', last_ns) END
           || CASE WHEN last_ts >= 86400000000000
              THEN printf(' +%dd', last_ts / 86400000000000) ELSE '' END
         WHEN 'relative' THEN '+' || (last_ts - last_ns) / 1000000000 || printf('.%09d s', last_ns)
       END AS last_time,
       first_ts,                   -- ns; the same as first_time
       last_ts,                    -- ns; the same as last_time
       time_basis,                 -- utc, clock (no date), relative (to the first packet) or none
       complete,                   -- 1; 0 when the source ends early or cannot be followed
       cut_packets,                -- packets captured shorter than on the wire
       backward_steps,             -- packets earlier than the one before on their interface
       longest_gap_ns,             -- ns; the longest time without a packet
       longest_gap_ts,             -- ns; when that began
       capture_id << 32 | longest_gap_packet AS longest_gap_packet_id,  -- the packet before it
       received,                   -- packets the capturing host says it received
       dropped,                    -- packets it says it lost
       filter,                     -- BPF expression that packets were chosen by
       packet_limit,               -- packets after which reading was stopped
       assumed_date,               -- day given for a log that prints none
       assumed_time_zone,          -- zone of the times that a log prints; NULL: taken for UTC
       hardware,                   -- pcapng's own words on the capturing machine
       operating_system,           -- likewise, its system
       application,                -- likewise, the capturing program
       strftime('%Y-%m-%dT%H:%M:%SZ', ingested_at / 1000000000, 'unixepoch')
         AS ingested_at,           -- when it was read, RFC 3339 in UTC
       program_version,            -- the Wirecase that read it
       ingested_by,                -- the user who had it read
       ingested_on,                -- on that host
       options,                    -- what was asked for, a JSON object
       strftime('%Y-%m-%dT%H:%M:%SZ', modified_at / 1000000000, 'unixepoch')
         AS modified_at,           -- when the file was changed last, RFC 3339 in UTC
       sha1,                       -- of the source's bytes; NULL unless it was asked for
       md5,                        -- likewise
       shift_ns AS clock_shift_ns, -- ns; added to its times where they are compared with other
                                   -- captures'; 0 for the one that is believed; NULL when not aligned
       (
         SELECT sum(length(octets)) FROM fact_source_block
         WHERE block_id BETWEEN capture_id << 32 AND capture_id << 32 | 4294967295
       ) AS embedded_size,         -- octets that the source takes in the case, packed; NULL where it
                                   -- is not kept there
       l.path AS found_at_path,    -- absolute path where it was found again, after it was moved
       tcp_analysed                -- TCP segments whose sequence numbers were followed for tcp_events;
                                   -- NULL where none could be: printed, or read before case version 5
FROM timed AS c
LEFT JOIN custody_source USING (capture_id)
LEFT JOIN custody_alignment USING (capture_id)
LEFT JOIN custody_location AS l USING (capture_id);

-- An interface that packets were captured on.
CREATE VIEW interfaces AS
SELECT capture_id,                 -- its capture
       interface,                  -- its index in the capture
       link_type,                  -- LINKTYPE_ value
       link_type_name,             -- libpcap's name for it
       name,                       -- such as eth0
       description,                -- the capture's words
       snap_length,                -- octets kept of a packet; NULL for no limit
       units_per_second,           -- of the time stamps as captured
       filter,                     -- what the capturing program chose packets by
       operating_system,           -- of the capturing machine
       hardware,                   -- likewise
       received,                   -- packets received, by its statistics
       dropped,                    -- packets dropped by the interface
       os_dropped                  -- packets dropped by the operating system
FROM fact_interface;

-- A packet as captured.
CREATE VIEW packets AS
SELECT p.packet_id,                -- capture_id << 32 | number
       p.packet_id >> 32 AS capture_id,          -- its capture
       p.packet_id & 4294967295 AS number,       -- its number in the capture, from 1
       p.ts,                       -- ns; NULL when the capture does not say
       CASE c.time_basis           -- the same as text
         WHEN 'utc' THEN strftime('%Y-%m-%dT%H:%M:%S',
             (p.ts - (p.ts % 1000000000 + 1000000000) % 1000000000) / 1000000000, 'unixepoch')
           || CASE WHEN p.ts % 1000 = 0
              THEN printf('.%06dZ', (p.ts % 1000000000 + 1000000000) % 1000000000 / 1000)
              ELSE printf('.%09dZ', (p.ts % 1000000000 + 1000000000) % 1000000000) END
         WHEN 'clock' THEN strftime('%H:%M:%S', p.ts / 1000000000, 'unixepoch')
           || CASE WHEN p.ts % 1000 = 0 THEN printf('.%06d', p.ts % 1000000000 / 1000)
              ELSE printf('.%09d', p.ts % 1000000000) END
           || CASE WHEN p.ts >= 86400000000000
              THEN printf(' +%dd', p.ts / 86400000000000) ELSE '' END
         WHEN 'relative' THEN '+' || p.ts / 1000000000 || printf('.%09d s', p.ts % 1000000000)
       END AS time,
       p.captured_length,          -- octets captured
       COALESCE(p.length, p.captured_length) AS length,  -- octets on the wire
       s.src,                      -- source address; RFC 5952 for IPv6; NULL for what is not IP
       s.src_port,                 -- source port
       s.dst,                      -- destination address
       s.dst_port,                 -- destination port
       s.ip_proto,                 -- IANA protocol number
       lp.name AS protocol,        -- where decoding stopped, as Wireshark's filters name it
       p.ttl,                      -- IPv4 time to live, IPv6 hop limit
       p.tcp_flags,                -- control bits: FIN 1, SYN 2, RST 4, PSH 8, ACK 16, URG 32
       COALESCE(m.flow_id, p.stream_id >> 1) AS flow_id,  -- its flow, in flows
       d.first_packet_id AS duplicate_of,        -- the first sighting of the same packet
       CASE                        -- a line about it, in Wireshark's manner
         WHEN q.packet_id IS NOT NULL THEN
           CASE q.is_response WHEN 1 THEN 'Standard query response 0x' ELSE 'Standard query 0x' END
           || printf('%04x', q.txid)
           || CASE WHEN q.rcode > 0 THEN ' ' || COALESCE(lr.name, q.rcode) ELSE '' END
           || COALESCE(' ' || COALESCE(lt.name, 'TYPE' || q.qtype), '') || COALESCE(' ' || q.qname, '')
         WHEN i.packet_id IS NOT NULL THEN
           COALESCE(it.name, 'type ' || i.type) || COALESCE(' (' || ic.name || ')', '')
           || COALESCE(' quoting ' || i.quoted_src || COALESCE(':' || i.quoted_src_port, '') || ' > '
              || i.quoted_dst || COALESCE(':' || i.quoted_dst_port, ''), '')
         WHEN a.operation = 1 THEN 'Who has ' || a.target_ip || '? Tell ' || a.sender_ip
         WHEN a.operation = 2 THEN a.sender_ip || ' is at ' || a.sender_mac
         WHEN p.tcp_flags IS NOT NULL THEN s.src_port || ' > ' || s.dst_port || ' ['
           || substr(CASE WHEN p.tcp_flags & 2 THEN ', SYN' ELSE '' END
           || CASE WHEN p.tcp_flags & 1 THEN ', FIN' ELSE '' END
           || CASE WHEN p.tcp_flags & 4 THEN ', RST' ELSE '' END
           || CASE WHEN p.tcp_flags & 8 THEN ', PSH' ELSE '' END
           || CASE WHEN p.tcp_flags & 16 THEN ', ACK' ELSE '' END, 3) || ']'
           || COALESCE(' Seq=' || (p.content & 4294967295), '') || COALESCE(' Len=' || p.payload_length, '')
         WHEN s.src_port IS NOT NULL THEN
           s.src_port || ' > ' || s.dst_port || COALESCE(' Len=' || p.payload_length, '')
         ELSE lp.name
       END AS info,
       p.byte_offset,              -- of its record in the capture, after decompression
       p.ip_id,                    -- IP identification
       CASE WHEN p.tcp_flags IS NOT NULL THEN p.content & 4294967295 END
         AS tcp_seq,               -- TCP sequence number
       p.payload_length,           -- octets of TCP or UDP payload
       p.stream_id,                -- its direction of its conversation in this capture
       l.interface,                -- index of the interface it was captured on
       l.eth_src,                  -- link-layer source, EUI-48
       l.eth_dst,                  -- link-layer destination
       l.ethertype,                -- EtherType behind VLAN tags
       l.vlan,                     -- VLAN identifiers, outermost first
       l.if_index,                 -- the interface's index on a host captured with -i any
       f.offset AS fragment_offset,              -- octets before a fragment; NULL for a whole one
       f.more_fragments,           -- 1 when further fragments follow
       n.first_line AS line,       -- line number in a printed capture
       CASE c.time_basis WHEN 'utc' THEN 0 ELSE c.capture_id END
         AS clock,                 -- rows of one clock can be compared: 0 for UTC, else the capture
       p.ts + COALESCE(h.shift_ns, 0) AS aligned_ts, -- ns; by the clock that is believed, where
                                   -- captures are aligned
       CASE WHEN p.tcp_flags IS NULL THEN p.content END
         AS content_hash           -- of the payload's first 24 octets; NULL with TCP and DNS
FROM fact_packet AS p
LEFT JOIN fact_stream AS s ON s.stream_id = p.stream_id
LEFT JOIN fact_link AS l ON l.link_id = s.link_id
LEFT JOIN fact_capture AS c ON c.capture_id = p.packet_id >> 32
LEFT JOIN custody_alignment AS h ON h.capture_id = p.packet_id >> 32
LEFT JOIN lookup_protocol AS lp ON lp.protocol = p.protocol
LEFT JOIN derived_flow_member AS m ON m.conversation_id = p.stream_id >> 1
LEFT JOIN derived_duplicate AS d ON d.packet_id = p.packet_id
LEFT JOIN fact_fragment AS f ON f.packet_id = p.packet_id
LEFT JOIN fact_printed_line AS n ON n.packet_id = p.packet_id
LEFT JOIN fact_dns_message AS q ON q.packet_id = p.packet_id AND q.position = 0
LEFT JOIN lookup_dns_type AS lt ON lt.type = q.qtype
LEFT JOIN lookup_dns_rcode AS lr ON lr.rcode = q.rcode
LEFT JOIN fact_icmp_message AS i ON i.packet_id = p.packet_id
LEFT JOIN lookup_icmp_type AS it ON it.version = i.version AND it.type = i.type
LEFT JOIN lookup_icmp_code AS ic
  ON ic.version = i.version AND ic.type = i.type AND ic.code = i.code
LEFT JOIN fact_arp_message AS a ON a.packet_id = p.packet_id;

-- A sighting of a packet that was seen at several places: on two interfaces, or in two captures.
CREATE VIEW sightings AS
SELECT first_packet_id AS event_id,          -- its first sighting, which stands for the event
       packet_id                   -- the sighting, in packets
FROM derived_duplicate
UNION ALL
SELECT DISTINCT first_packet_id, first_packet_id FROM derived_duplicate;

-- How far the clocks of two captures are apart, by the packets that both show; each pair both ways.
CREATE VIEW clock_offsets AS
SELECT capture_id,                 -- the capture
       other_capture_id,           -- another that shows packets of it
       offset_ns,                  -- ns that the other's clock shows more; the median
       spread_ns,                  -- ns between the quartiles of what single packets say
       packets                     -- that it was estimated from
FROM derived_clock_offset
UNION ALL
SELECT other_capture_id, capture_id, -offset_ns, spread_ns, packets FROM derived_clock_offset;

-- A bidirectional conversation in the case.
CREATE VIEW flows AS
SELECT f.flow_id,                  -- number of the flow
       s.ip_proto,                 -- IANA protocol number; NULL for what is not IP
       CASE f.client_is_src WHEN 1 THEN s.src ELSE s.dst END AS client,  -- who sent the SYN; else
                                   -- who is not at the well-known port; else who sent first
       CASE f.client_is_src WHEN 1 THEN s.src_port ELSE s.dst_port END AS client_port,  -- its port
       CASE f.client_is_src WHEN 1 THEN s.dst ELSE s.src END AS server,  -- the other end
       CASE f.client_is_src WHEN 1 THEN s.dst_port ELSE s.src_port END AS server_port,  -- its port
       CASE WHEN la.name IS NULL OR ' ' || ls.carries || ' ' LIKE '% ' || la.name || ' %'
         THEN ls.name ELSE la.name END AS service,  -- by what it carries; where that is not known, or is
                                   -- what is usual at the server's port, by that; NULL for neither
       p.ts AS first_ts,           -- ns; its first packet
       p.ts + f.duration_ns AS last_ts,          -- ns; its last packet, when it was first seen
       f.packets_to_server,        -- packets from client to server
       f.packets_to_client,        -- packets from server to client
       f.bytes_to_server,          -- octets on the wire, link layer included
       f.bytes_to_client,          -- likewise
       (SELECT lf.name
        FROM lookup_flow_state AS lf
        WHERE lf.state = f.state
       ) AS state,                 -- Zeek's conn_state; NULL for what is neither TCP nor UDP
       CASE c.time_basis WHEN 'utc' THEN 0 ELSE c.capture_id END
         AS clock,                 -- rows of one clock can be compared: 0 for UTC, else the capture
       p.packet_id AS first_packet_id,           -- its first packet
       CASE WHEN substr(l.eth_dst, 2, 1) IN ('1', '3', '5', '7', '9', 'b', 'd', 'f')
           OR (s.dst >= 'ff' AND s.dst < 'fg' AND s.dst LIKE '%:%')
           OR (s.dst >= '224.' AND s.dst < '240.' AND s.dst LIKE '2__.%.%.%')
           OR s.dst = '255.255.255.255'
         THEN 1 ELSE 0 END AS is_group,  -- 1 when it was sent to a multicast or broadcast address
       CASE WHEN la.name IS NOT NULL THEN 'content' WHEN ls.name IS NOT NULL THEN 'port' END
         AS service_by,            -- what tells the service: content or port
       la.name AS content_service, -- the protocol that its octets were read as, as packets.protocol;
                                   -- NULL when it is none that is known
       ls.name AS port_service     -- the service that is usual at the server's port; NULL for none
FROM derived_flow AS f
LEFT JOIN fact_stream AS s ON s.stream_id = f.flow_id * 2
LEFT JOIN lookup_service AS ls
  ON ls.ip_proto = s.ip_proto
    AND ls.port = CASE f.client_is_src WHEN 1 THEN s.dst_port ELSE s.src_port END
LEFT JOIN lookup_protocol AS la
  ON la.protocol = COALESCE(s.application, (
    SELECT min(a.application)
    FROM derived_flow_member AS o
    JOIN fact_stream AS a ON a.stream_id = o.conversation_id * 2
    WHERE o.flow_id = f.flow_id))
LEFT JOIN fact_capture AS c ON c.capture_id = s.capture_id
LEFT JOIN fact_link AS l ON l.link_id = s.link_id
LEFT JOIN fact_packet AS p ON p.packet_id = (s.capture_id << 32 | s.first_packet);

-- A direction of a conversation that belongs to a flow: how the packets of one flow are found
-- without looking at all of them.
CREATE VIEW flow_streams AS
SELECT flow_id,                    -- the flow
       flow_id * 2 AS stream_id    -- in packets
FROM derived_flow
UNION ALL
SELECT flow_id, flow_id * 2 + 1 FROM derived_flow
UNION ALL
SELECT flow_id, conversation_id * 2 FROM derived_flow_member
UNION ALL
SELECT flow_id, conversation_id * 2 + 1 FROM derived_flow_member;

-- A DNS message.
CREATE VIEW dns_messages AS
SELECT q.packet_id,                -- the packet that holds it
       p.ts,                       -- ns
       s.src,                      -- who sent it
       s.src_port,                 -- its port
       s.dst,                      -- who it was sent to
       s.dst_port,                 -- its port
       CASE q.transport WHEN 1 THEN 'tcp' ELSE 'udp' END AS transport,  -- tcp or udp
       q.txid,                     -- identifier
       q.is_response,              -- 1 response, 0 query
       q.opcode,                   -- 0 for a standard query
       q.rcode,                    -- response code, EDNS bits included
       q.qname,                    -- lower case, no final dot; '.' is the root
       COALESCE(lt.name, 'TYPE' || q.qtype) AS qtype,  -- mnemonic, such as A
       q.aa,                       -- 1 when the answer is authoritative
       q.tc,                       -- 1 when the message was truncated
       q.rd,                       -- 1 when recursion is desired
       q.ra,                       -- 1 when recursion is available
       q.answers,                  -- '[owner] TTL type data', parted by '; '
       lr.name AS rcode_name,      -- such as NXDOMAIN
       q.qclass,                   -- 1 for IN
       q.question_count,           -- the header's counts
       q.answer_count,             -- likewise
       q.authority_count,          -- likewise
       q.additional_count,         -- likewise
       q.authority,                -- the authority section, as answers
       q.additional,               -- the additional section, without the OPT record
       q.edns_payload_size,        -- octets the sender can take; NULL without EDNS
       q.packet_id >> 32 AS capture_id,          -- the capture that shows it
       d.first_packet_id AS duplicate_of,        -- the first sighting of the same packet
       p.stream_id,                -- its direction of its conversation
       COALESCE(l.interface, 0) AS interface,    -- the interface it was captured on
       substr(q.qname, 1 + length(
         rtrim(rtrim(rtrim(q.qname, replace(q.qname, '.', '')), '.'), replace(q.qname, '.', ''))))
         AS qname_parent,          -- the last two labels of qname
       CASE                        -- kind of an inside address among the answers to a question for
                                   -- A or AAAA: private, loopback, link-local or unique local
         WHEN q.answers IS NULL OR q.qtype NOT IN (1, 28) THEN NULL
         WHEN ' ' || q.answers GLOB '* A 10.*'
           OR ' ' || q.answers GLOB '* A 192.168.*'
           OR ' ' || q.answers GLOB '* A 172.1[6-9].*'
           OR ' ' || q.answers GLOB '* A 172.2[0-9].*'
           OR ' ' || q.answers GLOB '* A 172.3[01].*' THEN 'private'
         WHEN ' ' || q.answers GLOB '* A 127.*'
           OR ' ' || q.answers || ';' GLOB '* AAAA ::1;*' THEN 'loopback'
         WHEN ' ' || q.answers GLOB '* A 169.254.*'
           OR ' ' || q.answers GLOB '* AAAA fe[89ab]?:*' THEN 'link-local'
         WHEN ' ' || q.answers GLOB '* AAAA f[cd]??:*' THEN 'unique local'
       END AS inside_address,
       CASE c.time_basis WHEN 'utc' THEN 0 ELSE c.capture_id END
         AS clock,                 -- rows of one clock can be compared: 0 for UTC, else the capture
       q.position                  -- among those of its packet, from 0: over TCP there may be several
FROM fact_dns_message AS q
JOIN fact_packet AS p ON p.packet_id = q.packet_id
LEFT JOIN fact_capture AS c ON c.capture_id = q.packet_id >> 32
LEFT JOIN derived_duplicate AS d ON d.packet_id = q.packet_id
LEFT JOIN fact_stream AS s ON s.stream_id = p.stream_id
LEFT JOIN fact_link AS l ON l.link_id = s.link_id
LEFT JOIN lookup_dns_type AS lt ON lt.type = q.qtype
LEFT JOIN lookup_dns_rcode AS lr ON lr.rcode = q.rcode;

-- One DNS question, its retries, its fate.
CREATE VIEW dns_transactions AS
SELECT t.query_packet_id,          -- the packet that asked first
       t.response_packet_id,       -- the packet that answered first
       t.icmp_packet_id,           -- the ICMP error that quotes the query
       t.ts,                       -- ns; when it was asked first
       CASE c.time_basis           -- the same as text
         WHEN 'utc' THEN strftime('%Y-%m-%dT%H:%M:%S',
             (t.ts - (t.ts % 1000000000 + 1000000000) % 1000000000) / 1000000000, 'unixepoch')
           || CASE WHEN t.ts % 1000 = 0
              THEN printf('.%06dZ', (t.ts % 1000000000 + 1000000000) % 1000000000 / 1000)
              ELSE printf('.%09dZ', (t.ts % 1000000000 + 1000000000) % 1000000000) END
         WHEN 'clock' THEN strftime('%H:%M:%S', t.ts / 1000000000, 'unixepoch')
           || CASE WHEN t.ts % 1000 = 0 THEN printf('.%06d', t.ts % 1000000000 / 1000)
              ELSE printf('.%09d', t.ts % 1000000000) END
           || CASE WHEN t.ts >= 86400000000000
              THEN printf(' +%dd', t.ts / 86400000000000) ELSE '' END
         WHEN 'relative' THEN '+' || t.ts / 1000000000 || printf('.%09d s', t.ts % 1000000000)
       END AS time,
       s.src AS client,            -- who asked
       s.src_port AS client_port,  -- its port
       s.dst AS server,            -- who was asked
       s.dst_port AS server_port,  -- its port
       CASE q.transport WHEN 1 THEN 'tcp' ELSE 'udp' END AS transport,  -- tcp or udp
       q.txid,                     -- identifier
       q.qname,                    -- lower case, no final dot; '.' is the root
       COALESCE(lt.name, 'TYPE' || q.qtype) AS qtype,  -- mnemonic, such as A
       t.attempts,                 -- 1 and each retry
       t.rcode,                    -- the answer's response code; NULL without one
       t.rtt_ns,                   -- ns from the first attempt to the answer; NULL without one
       lo.name AS outcome,         -- answered, refused, timed-out, late or unobserved
       t.query_packet_id >> 32 AS capture_id,    -- the capture that shows the first attempt
       t.stream_id,                -- the query's direction of its conversation
       CASE c.time_basis WHEN 'utc' THEN 0 ELSE c.capture_id END
         AS clock,                 -- rows of one clock can be compared: 0 for UTC, else the capture
       substr(q.qname, 1 + length(
         rtrim(rtrim(rtrim(q.qname, replace(q.qname, '.', '')), '.'), replace(q.qname, '.', ''))))
         AS qname_parent,          -- the last two labels of qname
       q.rd,                       -- 1 when recursion is desired
       t.query_position,           -- of the query among the messages of its packet, from 0
       t.response_position         -- of the answer, likewise
FROM derived_dns_transaction AS t
LEFT JOIN fact_stream AS s ON s.stream_id = t.stream_id
LEFT JOIN fact_dns_message AS q
  ON q.packet_id = t.query_packet_id AND q.position = t.query_position
LEFT JOIN fact_capture AS c ON c.capture_id = t.query_packet_id >> 32
LEFT JOIN lookup_dns_type AS lt ON lt.type = q.qtype
LEFT JOIN lookup_outcome AS lo ON lo.outcome = t.outcome;

-- A query that repeats what its transaction asked first.
CREATE VIEW dns_retries AS
SELECT packet_id,                  -- the repeated query
       query_packet_id,            -- the transaction's first query
       position,                   -- of the repeated query among the messages of its packet, from 0
       query_position              -- of the first query, likewise
FROM derived_dns_retry;

-- An ICMP or ICMPv6 message.
CREATE VIEW icmp_messages AS
SELECT i.packet_id,                -- the packet that holds it
       p.ts,                       -- ns
       s.src,                      -- who sent it
       s.dst,                      -- who it was sent to
       i.version,                  -- 4 ICMP, 6 ICMPv6
       i.type,                     -- type
       i.code,                     -- code
       COALESCE(lt.name, 'type ' || i.type) || COALESCE(' (' || lc.name || ')', '') AS name,  -- words
       i.quoted_src,               -- sender of the datagram that an error quotes
       COALESCE(i.quoted_src_port, os.src_port) AS quoted_src_port,  -- its port; this and the
                                   -- next, in the quote or in the very packet
       i.quoted_dst,               -- who that was sent to
       COALESCE(i.quoted_dst_port, os.dst_port) AS quoted_dst_port,  -- its port
       COALESCE(i.quoted_ip_proto, os.ip_proto) AS quoted_ip_proto,  -- IANA protocol number
       COALESCE(i.quoted_dns_txid, oq.txid)
         AS quoted_dns_txid,       -- identifier of a quoted DNS message
       COALESCE(i.quoted_qname, oq.qname) AS quoted_qname,  -- its first question, in the quote or
                                   -- in the very packet
       k.original_packet_id,       -- the very packet that is quoted
       COALESCE(qt.name, 'TYPE' || COALESCE(i.quoted_qtype, oq.qtype))
         AS quoted_qtype,          -- mnemonic
       i.quoted_ip_id,             -- IP identification
       i.quoted_length,            -- octets, by the quoted header
       i.quoted_tcp_seq,           -- sequence number of a quoted TCP segment
       i.identifier,               -- of an echo
       i.sequence,                 -- of an echo
       i.next_hop_mtu,             -- octets
       i.gateway,                  -- of a redirect
       p.ttl,                      -- time to live as it arrived
       i.packet_id >> 32 AS capture_id,          -- the capture that shows it
       d.first_packet_id AS duplicate_of,        -- the first sighting of the same packet
       p.stream_id,                -- its direction of its conversation
       CASE c.time_basis WHEN 'utc' THEN 0 ELSE c.capture_id END
         AS clock,                 -- rows of one clock can be compared: 0 for UTC, else the capture
       CASE                        -- what an error says, alike in both versions: port unreachable,
                                   -- prohibited, too big, unreachable (for any other reason), ttl
                                   -- exceeded or other; NULL for what quotes nothing
         WHEN i.version = 4 THEN
           CASE WHEN i.type = 3 AND i.code = 3 THEN 'port unreachable'
                WHEN i.type = 3 AND i.code = 4 THEN 'too big'
                WHEN i.type = 3 AND i.code IN (9, 10, 13) THEN 'prohibited'
                WHEN i.type = 3 THEN 'unreachable'
                WHEN i.type = 11 AND i.code = 0 THEN 'ttl exceeded'
                WHEN i.type IN (4, 5, 11, 12) THEN 'other' END
         WHEN i.type = 1 AND i.code = 4 THEN 'port unreachable'
         WHEN i.type = 1 AND i.code IN (1, 5, 6) THEN 'prohibited'
         WHEN i.type = 1 THEN 'unreachable'
         WHEN i.type = 2 THEN 'too big'
         WHEN i.type = 3 AND i.code = 0 THEN 'ttl exceeded'
         WHEN i.type IN (3, 4) THEN 'other'
       END AS error,
       CASE WHEN substr(l.eth_dst, 2, 1) IN ('1', '3', '5', '7', '9', 'b', 'd', 'f')
           OR (s.dst >= 'ff' AND s.dst < 'fg' AND s.dst LIKE '%:%')
           OR (s.dst >= '224.' AND s.dst < '240.' AND s.dst LIKE '2__.%.%.%')
           OR s.dst = '255.255.255.255'
         THEN 1 ELSE 0 END AS is_group  -- 1 when it was sent to a multicast or broadcast address
FROM fact_icmp_message AS i
JOIN fact_packet AS p ON p.packet_id = i.packet_id
LEFT JOIN fact_capture AS c ON c.capture_id = i.packet_id >> 32
LEFT JOIN fact_stream AS s ON s.stream_id = p.stream_id
LEFT JOIN fact_link AS l ON l.link_id = s.link_id
LEFT JOIN lookup_icmp_type AS lt ON lt.version = i.version AND lt.type = i.type
LEFT JOIN lookup_icmp_code AS lc
  ON lc.version = i.version AND lc.type = i.type AND lc.code = i.code
LEFT JOIN derived_duplicate AS d ON d.packet_id = i.packet_id
LEFT JOIN derived_icmp_link AS k ON k.icmp_packet_id = i.packet_id
LEFT JOIN fact_packet AS op ON op.packet_id = k.original_packet_id
LEFT JOIN fact_stream AS os ON os.stream_id = op.stream_id
LEFT JOIN fact_dns_message AS oq ON oq.packet_id = k.original_packet_id AND oq.position = 0
LEFT JOIN lookup_dns_type AS qt ON qt.type = COALESCE(i.quoted_qtype, oq.qtype);

-- What TCP's sequence numbers tell of a segment, in the words of Wireshark's tcp.analysis.
CREATE VIEW tcp_events AS
SELECT e.packet_id,                -- the packet
       p.ts,                       -- ns
       le.name AS event,           -- retransmission, out_of_order, lost_segment (octets before it were
                                   -- not captured), zero_window, keep_alive or overlap
       s.src,                      -- who sent it
       s.src_port,                 -- its port
       s.dst,                      -- who it was sent to
       s.dst_port,                 -- its port
       p.payload_length,           -- octets of payload
       p.content & 4294967295 AS tcp_seq,        -- sequence number
       COALESCE(m.flow_id, p.stream_id >> 1) AS flow_id,  -- its flow, in flows
       p.stream_id,                -- its direction of its conversation in this capture
       e.packet_id >> 32 AS capture_id,          -- the capture that shows it
       d.first_packet_id AS duplicate_of,        -- the first sighting of the same packet
       CASE c.time_basis WHEN 'utc' THEN 0 ELSE c.capture_id END
         AS clock                  -- rows of one clock can be compared: 0 for UTC, else the capture
FROM fact_tcp_event AS e
JOIN lookup_tcp_event AS le ON le.event = e.event
JOIN fact_packet AS p ON p.packet_id = e.packet_id
LEFT JOIN fact_stream AS s ON s.stream_id = p.stream_id
LEFT JOIN fact_capture AS c ON c.capture_id = e.packet_id >> 32
LEFT JOIN derived_flow_member AS m ON m.conversation_id = p.stream_id >> 1
LEFT JOIN derived_duplicate AS d ON d.packet_id = e.packet_id;

-- A flow of which TCP's sequence numbers tell anything, and how often: each packet counts once, wherever it was
-- seen.
CREATE VIEW tcp_counts AS
SELECT COALESCE(m.flow_id, p.stream_id >> 1) AS flow_id,  -- the flow, in flows
       COUNT(DISTINCT e.packet_id) AS packets,   -- of which anything is told
       SUM(e.event = 1) AS retransmissions,      -- packets of that kind; likewise the following
       SUM(e.event = 2) AS out_of_order,         -- overtaken by what was sent after them
       SUM(e.event = 3) AS lost_segments,        -- octets before them were not captured
       SUM(e.event = 4) AS zero_windows,         -- their sender took no more octets
       SUM(e.event = 5) AS keep_alives,          -- asked whether the other end was still there
       SUM(e.event = 6) AS overlaps              -- held octets that were sent before, and new ones
FROM fact_tcp_event AS e
JOIN fact_packet AS p ON p.packet_id = e.packet_id
LEFT JOIN derived_flow_member AS m ON m.conversation_id = p.stream_id >> 1
WHERE NOT EXISTS (SELECT 1 FROM derived_duplicate AS d WHERE d.packet_id = e.packet_id)
GROUP BY 1;

-- A packet that is one piece of a datagram.
CREATE VIEW fragments AS
SELECT f.packet_id,                -- the packet
       p.ts,                       -- ns
       s.src,                      -- source address
       s.dst,                      -- destination address
       s.ip_proto,                 -- IANA protocol number of what the datagram carries
       p.ip_id,                    -- IP identification, the same in all pieces
       f.offset AS fragment_offset,              -- octets before it in the datagram's payload
       f.more_fragments,           -- 1 when further pieces follow, 0 for the last
       COALESCE(m.flow_id, p.stream_id >> 1) AS flow_id,  -- its flow, in flows
       p.stream_id,                -- its direction of its conversation in this capture
       f.packet_id >> 32 AS capture_id,          -- the capture that shows it
       d.first_packet_id AS duplicate_of,        -- the first sighting of the same packet
       CASE c.time_basis WHEN 'utc' THEN 0 ELSE c.capture_id END
         AS clock                  -- rows of one clock can be compared: 0 for UTC, else the capture
FROM fact_fragment AS f
JOIN fact_packet AS p ON p.packet_id = f.packet_id
LEFT JOIN fact_stream AS s ON s.stream_id = p.stream_id
LEFT JOIN fact_capture AS c ON c.capture_id = f.packet_id >> 32
LEFT JOIN derived_flow_member AS m ON m.conversation_id = p.stream_id >> 1
LEFT JOIN derived_duplicate AS d ON d.packet_id = f.packet_id;

-- A header that a packet was wrapped in: a tunnel's, a label, a session's. The packet's own addresses,
-- in packets and flows, are those inside.
CREATE VIEW encapsulations AS
SELECT p.packet_id,                -- the packet inside
       e.depth,                    -- 1 for the outermost
       p.ts,                       -- ns
       le.name AS protocol,        -- gre, vxlan, mpls, …; ip or ipv6 for the outer one of IP in IP
       e.src,                      -- outer source address; NULL for what has none of its own
       e.dst,                      -- outer destination address
       e.identifier,               -- of the network (VXLAN, GENEVE, NVGRE), GRE's key, GTP-U's tunnel
                                   -- endpoint, the innermost MPLS label, PPPoE's or ERSPAN's session
       COALESCE(m.flow_id, p.stream_id >> 1) AS flow_id,  -- the flow inside, in flows
       p.stream_id,                -- its direction of its conversation in this capture
       p.packet_id >> 32 AS capture_id,          -- the capture that shows it
       d.first_packet_id AS duplicate_of,        -- the first sighting of the same packet
       CASE c.time_basis WHEN 'utc' THEN 0 ELSE c.capture_id END
         AS clock                  -- rows of one clock can be compared: 0 for UTC, else the capture
FROM fact_encapsulation AS e
JOIN lookup_protocol AS le ON le.protocol = e.protocol
JOIN fact_stream AS s ON s.link_id = e.link_id
JOIN fact_packet AS p ON p.stream_id = s.stream_id
LEFT JOIN fact_capture AS c ON c.capture_id = p.packet_id >> 32
LEFT JOIN derived_flow_member AS m ON m.conversation_id = p.stream_id >> 1
LEFT JOIN derived_duplicate AS d ON d.packet_id = p.packet_id;

-- An ARP packet.
CREATE VIEW arp_messages AS
SELECT a.packet_id,                -- the packet that holds it
       p.ts,                       -- ns
       a.operation,                -- 1 request, 2 reply
       a.sender_mac,               -- EUI-48
       a.sender_ip,                -- IPv4 address
       a.target_mac,               -- EUI-48
       a.target_ip,                -- IPv4 address
       a.packet_id >> 32 AS capture_id,          -- the capture that shows it
       d.first_packet_id AS duplicate_of,        -- the first sighting of the same packet
       CASE c.time_basis WHEN 'utc' THEN 0 ELSE c.capture_id END
         AS clock                  -- rows of one clock can be compared: 0 for UTC, else the capture
FROM fact_arp_message AS a
JOIN fact_packet AS p ON p.packet_id = a.packet_id
LEFT JOIN fact_capture AS c ON c.capture_id = a.packet_id >> 32
LEFT JOIN derived_duplicate AS d ON d.packet_id = a.packet_id;

-- A row that an investigation reported.
CREATE VIEW findings AS
WITH
timed AS (  -- a finding with its times split into seconds and nanoseconds
  SELECT *,
         (first_ts % 1000000000 + 1000000000) % 1000000000 AS first_ns,
         (last_ts % 1000000000 + 1000000000) % 1000000000 AS last_ns
  FROM derived_finding
)
SELECT f.finding_id,               -- number of the finding
       r.investigation,            -- name of the investigation
       r.severity,                 -- info, low, medium, high or critical
       CASE f.time_basis           -- when what it reports began
         WHEN 'utc' THEN strftime('%Y-%m-%dT%H:%M:%S', (f.first_ts - first_ns) / 1000000000, 'unixepoch')
           || CASE WHEN first_ns % 1000 = 0 THEN printf('.%06dZ', first_ns / 1000)
              ELSE printf('.%09dZ', first_ns) END
         WHEN 'clock' THEN strftime('%H:%M:%S', f.first_ts / 1000000000, 'unixepoch')
           || CASE WHEN first_ns % 1000 = 0 THEN printf('.%06d', first_ns / 1000)
              ELSE printf('.%09d', first_ns) END
           || CASE WHEN f.first_ts >= 86400000000000
              THEN printf(' +%dd', f.first_ts / 86400000000000) ELSE '' END
         WHEN 'relative' THEN '+' || f.first_ts / 1000000000 || printf('.%09d s', first_ns)
       END AS first_time,
       CASE f.time_basis           -- when it ended
         WHEN 'utc' THEN strftime('%Y-%m-%dT%H:%M:%S', (f.last_ts - last_ns) / 1000000000, 'unixepoch')
           || CASE WHEN last_ns % 1000 = 0 THEN printf('.%06dZ', last_ns / 1000)
              ELSE printf('.%09dZ', last_ns) END
         WHEN 'clock' THEN strftime('%H:%M:%S', f.last_ts / 1000000000, 'unixepoch')
           || CASE WHEN last_ns % 1000 = 0 THEN printf('.%06d', last_ns / 1000)
              ELSE printf('.%09d', last_ns) END
           || CASE WHEN f.last_ts >= 86400000000000
              THEN printf(' +%dd', f.last_ts / 86400000000000) ELSE '' END
         WHEN 'relative' THEN '+' || f.last_ts / 1000000000 || printf('.%09d s', last_ns)
       END AS last_time,
       f.summary,                  -- the row in a line
       f.details,                  -- the row as a JSON object, column to value
       f.first_ts,                 -- ns; the same as first_time
       f.last_ts,                  -- ns; the same as last_time
       r.title,                    -- title of the investigation
       r.sql,                      -- the statement that found it
       r.evidence_sql,             -- the statement that yields its packets
       r.parameters,               -- JSON object, name to value
       r.ran_at,                   -- ns since 1970-01-01 UTC
       r.program_version,          -- the Wirecase that ran it
       r.since,                    -- ns; the part of the case that it looked at; NULL for no bound
       r.until,                    -- likewise, its end
       r.captures,                 -- SHA-256 of the captures that it looked at, parted by blanks
       CASE WHEN EXISTS (SELECT 1 FROM fact_capture AS c WHERE c.ingested_at > r.ran_at)
           OR EXISTS (SELECT 1 FROM custody_event AS e WHERE e.action IN ('merge', 'align') AND e.at > r.ran_at)
         THEN 1 ELSE 0 END AS is_stale  -- 1 when a capture came or clocks were aligned since: run it again
FROM timed AS f
JOIN derived_run AS r ON r.run_id = f.run_id;

-- A packet that a finding cites.
CREATE VIEW finding_evidence AS
SELECT finding_id,                 -- the finding
       packet_id                   -- the packet, in packets
FROM derived_finding_evidence;

-- What could not be read or decoded.
CREATE VIEW faults AS
SELECT capture_id,                 -- the capture; NULL for a source of which nothing could be read
       packet_id,                  -- the packet; NULL when none could be made
       byte_offset,                -- in the packet where there is one, else in the capture
       layer,                      -- capture, or the protocol
       message,                    -- what is wrong, with both numbers
       kind                        -- cut, malformed, incomplete, not understood, unsupported or unread
FROM fact_fault
UNION ALL
SELECT NULL, NULL, NULL, 'capture', message, 'unread'
FROM fact_unread_source;

-- A change of the case: what was done, when, by whom. Each row holds the digest of the one before.
CREATE VIEW audit_log AS
SELECT event_id,                   -- from 1, without a gap
       strftime('%Y-%m-%dT%H:%M:%SZ', at / 1000000000, 'unixepoch')
         AS time,                  -- RFC 3339 in UTC
       who,                        -- user
       host,                       -- the user's host
       action,                     -- ingest, embed, merge, unread, run, derive, remove, align, locate,
                                   -- note or migrate
       details,                    -- what was changed, a JSON object
       program_version,            -- the Wirecase that did it
       at AS ts,                   -- ns; the same as time
       previous_sha256,            -- of the event before; 64 zeros before the first
       sha256                      -- of event_id, ts, who, host, program_version, action, details
                                   -- and previous_sha256, each as a netstring
FROM custody_event;

-- What an analyst wrote, about a packet, a flow, a finding, a time, or the case.
CREATE VIEW notes AS
SELECT n.note_id,                  -- number of the note
       strftime('%Y-%m-%dT%H:%M:%SZ', n.at / 1000000000, 'unixepoch')
         AS time,                  -- when it was written, RFC 3339 in UTC
       n.who,                      -- user
       n.host,                     -- the user's host
       n.text,                     -- the note
       n.packet_id,                -- the packet that it is about; of a flow its first
       CASE n.is_of_flow WHEN 1 THEN COALESCE(m.flow_id, p.stream_id >> 1) END
         AS flow_id,               -- the flow that it is about
       n.finding_id,               -- the finding that it is about
       n.ts                        -- ns since 1970-01-01 UTC; the time that it is about
FROM custody_note AS n
LEFT JOIN fact_packet AS p ON p.packet_id = n.packet_id
LEFT JOIN derived_flow_member AS m ON m.conversation_id = p.stream_id >> 1;

-- A comment that a capture carries.
CREATE VIEW comments AS
SELECT capture_id,                 -- the capture
       packet_id,                  -- the packet; NULL for the whole capture
       text                        -- the comment
FROM fact_comment;

-- A name that a capture gives for an address.
CREATE VIEW names AS
SELECT capture_id,                 -- the capture
       address,                    -- as the capture writes it
       name                        -- the name
FROM fact_name;
