-- Copies what the capture :capture of the attached case `other` says, as the capture :new_capture and
-- :name. Everything else that a number names moves by the same distance: packets by :packets, streams
-- by :streams, links by :links, pieces of the source by :packets as well; faults and comments get the
-- next numbers. Keys of conversations are joined with those of other captures only where clocks can
-- be compared: :mark, 0 in UTC, is what tells this capture's keys from those of any other here. It is
-- added without carry: a key and its mark have each bit in one of `|` and `&` more than in the other.
--
-- :first_packet to :last_packet are the identifiers that the capture's packets may have, and
-- :first_stream to :last_stream those of its streams.

INSERT INTO main.fact_capture
SELECT :new_capture, :name, path, format, compression, sha256, size, time_basis, packets,
       first_ts, last_ts, complete, cut_packets, backward_steps, longest_gap_ns, longest_gap_ts,
       longest_gap_packet, received, dropped, filter, packet_limit, assumed_date,
       assumed_time_zone, hardware, operating_system, application, ingested_at, program_version,
       tcp_analysed
FROM other.fact_capture
WHERE capture_id = :capture;

INSERT INTO main.fact_interface
SELECT :new_capture, interface, link_type, link_type_name, name, description, snap_length,
       units_per_second, filter, operating_system, hardware, received, dropped, os_dropped
FROM other.fact_interface
WHERE capture_id = :capture;

INSERT INTO main.fact_link
SELECT link_id + :links, :new_capture, interface, eth_src, eth_dst, ethertype, vlan, if_index, tunnel
FROM other.fact_link
WHERE capture_id = :capture
ORDER BY link_id;

INSERT INTO main.fact_encapsulation
SELECT link_id + :links, depth, :new_capture, protocol, src, dst, identifier
FROM other.fact_encapsulation
WHERE capture_id = :capture
ORDER BY link_id, depth;

INSERT INTO main.fact_stream
SELECT stream_id + :streams, :new_capture, link_id + :links, ip_proto, src, src_port, dst,
       dst_port, (conversation_key | :mark) - (conversation_key & :mark), packets, bytes,
       payload_bytes, first_packet, duration_ns, tcp_flags, tcp_isn, tcp_mss, tcp_window_scale,
       application
FROM other.fact_stream
WHERE capture_id = :capture
ORDER BY stream_id;

-- A packet of another capture's stream is none that an ingest writes: NULL is refused.
INSERT INTO main.fact_packet
SELECT packet_id + :packets, ts,
       CASE WHEN stream_id BETWEEN :first_stream AND :last_stream THEN stream_id + :streams END,
       byte_offset, captured_length, length, protocol, ttl, ip_id, tcp_flags, content,
       payload_length
FROM other.fact_packet
WHERE packet_id BETWEEN :first_packet AND :last_packet
ORDER BY packet_id;

INSERT INTO main.fact_repetition
SELECT packet_id + :packets, first_packet_id + :packets
FROM other.fact_repetition
WHERE packet_id BETWEEN :first_packet AND :last_packet
  AND first_packet_id BETWEEN :first_packet AND :last_packet;

INSERT INTO main.fact_tcp_event
SELECT packet_id + :packets, event
FROM other.fact_tcp_event
WHERE packet_id BETWEEN :first_packet AND :last_packet;

INSERT INTO main.fact_fragment
SELECT packet_id + :packets, offset, more_fragments
FROM other.fact_fragment
WHERE packet_id BETWEEN :first_packet AND :last_packet;

INSERT INTO main.fact_dns_message
SELECT packet_id + :packets, position, transport, txid, is_response, opcode, rcode, aa, tc, rd, ra,
       qname, qtype, qclass, question_count, answer_count, authority_count, additional_count,
       edns_payload_size, answers, authority, additional
FROM other.fact_dns_message
WHERE packet_id BETWEEN :first_packet AND :last_packet;

INSERT INTO main.fact_icmp_message
SELECT packet_id + :packets, version, type, code, identifier, sequence, next_hop_mtu, gateway,
       quoted_src, quoted_src_port, quoted_dst, quoted_dst_port, quoted_ip_proto, quoted_ip_id,
       quoted_length, quoted_tcp_seq, quoted_dns_txid, quoted_qname, quoted_qtype,
       (quoted_key | :mark) - (quoted_key & :mark)
FROM other.fact_icmp_message
WHERE packet_id BETWEEN :first_packet AND :last_packet;

INSERT INTO main.fact_arp_message
SELECT packet_id + :packets, operation, sender_mac, sender_ip, target_mac, target_ip
FROM other.fact_arp_message
WHERE packet_id BETWEEN :first_packet AND :last_packet;

INSERT INTO main.fact_printed_line
SELECT packet_id + :packets, first_line, last_line
FROM other.fact_printed_line
WHERE packet_id BETWEEN :first_packet AND :last_packet;

INSERT INTO main.fact_fault
SELECT NULL, :new_capture, packet_id + :packets, byte_offset, kind, layer, message
FROM other.fact_fault
WHERE capture_id = :capture
ORDER BY fault_id;

INSERT INTO main.fact_comment
SELECT NULL, :new_capture, packet_id + :packets, text
FROM other.fact_comment
WHERE capture_id = :capture
ORDER BY comment_id;

INSERT INTO main.fact_name
SELECT :new_capture, address, name
FROM other.fact_name
WHERE capture_id = :capture;

INSERT INTO main.fact_source_block
SELECT block_id + :packets, octets
FROM other.fact_source_block
WHERE block_id BETWEEN :first_packet AND :last_packet
ORDER BY block_id;

-- What could be read now was not unread.
DELETE FROM main.fact_unread_source
WHERE path = (SELECT path FROM main.fact_capture WHERE capture_id = :new_capture);

INSERT INTO main.custody_source
SELECT :new_capture, sha1, md5, modified_at, ingested_by, ingested_on, options
FROM other.custody_source
WHERE capture_id = :capture;

INSERT INTO main.custody_location
SELECT :new_capture, path, found_at
FROM other.custody_location
WHERE capture_id = :capture;
