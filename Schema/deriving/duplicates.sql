-- Packets of touched keys that were seen before at another place: on another interface or link, or
-- in another capture whose clock can be compared. What forwarding leaves unchanged must be equal:
-- ends, protocol, IP identification, TCP sequence number and flags, payload length, and what a
-- DNS or ICMP message says. The k-th sighting at one place is that of the k-th at another, when
-- at most 1 s lies between them: clocks of capturing hosts disagree, and so do longer repetitions.
-- Most touched keys were seen at one place alone, which streams tell: their packets are not read.
DELETE FROM derived_duplicate
WHERE packet_id IN (
  SELECT p.packet_id
  FROM (SELECT 1 FROM derived_duplicate LIMIT 1) AS any_at_all
  CROSS JOIN touched AS t
  CROSS JOIN fact_stream AS a ON a.conversation_key = t.conversation_key
  CROSS JOIN fact_stream AS s ON s.stream_id IN (a.stream_id, a.stream_id + 1)
  CROSS JOIN fact_packet AS p ON p.stream_id = s.stream_id);

INSERT INTO derived_duplicate (packet_id, first_packet_id)
WITH
placed AS (  -- a stream of a touched key, with its place
  SELECT t.conversation_key, s.stream_id, s.capture_id, s.src, s.src_port,
         printf('%d %d %d %s %s %s', s.capture_id, l.interface, l.if_index, l.vlan,
           CASE WHEN l.eth_dst IS NULL THEN '' ELSE min(l.eth_src, l.eth_dst) END,
           CASE WHEN l.eth_src IS NULL THEN '' ELSE max(l.eth_src, l.eth_dst) END) AS place
  FROM touched AS t
  CROSS JOIN fact_stream AS a ON a.conversation_key = t.conversation_key
  CROSS JOIN fact_stream AS s ON s.stream_id IN (a.stream_id, a.stream_id + 1)
  LEFT JOIN fact_link AS l ON l.link_id = s.link_id
  WHERE s.src IS NOT NULL
),
spread AS (  -- a key that was seen at several places
  SELECT conversation_key
  FROM placed
  GROUP BY conversation_key
  HAVING min(place) <> max(place)
),
seen AS (  -- a packet, with its place and what forwarding leaves unchanged
  SELECT p.packet_id, p.ts, p.ip_id, p.tcp_seq, p.tcp_flags, p.payload_length, p.protocol,
         s.conversation_key, s.src, s.src_port, q.txid, i.type, i.code, c.sha256, s.place
  FROM spread AS t
  CROSS JOIN placed AS s ON s.conversation_key = t.conversation_key
  CROSS JOIN fact_packet AS p ON p.stream_id = s.stream_id
  JOIN fact_capture AS c ON c.capture_id = s.capture_id
  LEFT JOIN fact_dns_message AS q ON q.packet_id = p.packet_id
  LEFT JOIN fact_icmp_message AS i ON i.packet_id = p.packet_id
  WHERE p.ts IS NOT NULL
),
numbered AS (  -- a packet, with how many equal ones its place showed before
  SELECT *,
         row_number() OVER (
           PARTITION BY conversation_key, src, src_port, protocol, ip_id, tcp_seq, tcp_flags,
             payload_length, txid, type, code, place
           ORDER BY ts, packet_id) AS k
  FROM seen
),
sightings AS (  -- a packet, with the first sighting of the same
  SELECT packet_id, ts,
         first_value(packet_id) OVER w AS first_packet_id,
         first_value(ts) OVER w AS first_ts
  FROM numbered
  WINDOW w AS (
    PARTITION BY conversation_key, src, src_port, protocol, ip_id, tcp_seq, tcp_flags,
      payload_length, txid, type, code, k
    ORDER BY ts, sha256, packet_id)
)
SELECT packet_id, first_packet_id
FROM sightings
WHERE packet_id <> first_packet_id
  AND ts - first_ts <= 1000000000;
