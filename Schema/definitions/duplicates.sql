-- Packets that were seen before, at another place: the rows of derived_duplicate.
--
-- A place is a capture's interface with the pair of link-layer addresses, the VLANs, what packets were
-- wrapped in and the index of the interface on its host; where it shows senders alone, all of these
-- are one. What tcpdump printed comes behind captures; else places stand in the order in which their
-- captures begin, then of these sources' sizes and digests, then of what the places are.
--
-- Packets are equal when what forwarding leaves unchanged is: ends, protocol, IP identification and
-- fragment, TCP sequence number and flags, payload, and what the first DNS message or an ICMP message says. A print
-- shows less: in a conversation that a print shows, identification, fragment and payload tell
-- nothing apart. Packets without a time are told of no other.
--
-- Equal packets, in the order of time, fall into runs without a gap of more than 1 s. In a run, the
-- place that shows most packets, of several the one that saw one first, stands for the events. Each
-- other place is compared with it by itself: of the pairs of a sighting there and one here, at most
-- 1 s apart, the closest in time are one event; then the closest of what is left; and so on. Of
-- pairs equally close, the one whose later sighting comes first goes first, then the one whose
-- earlier sighting comes last. Two sightings at one place are two events, but for those of a mirrored
-- port, which repeat another to the byte: they stand for nothing, and are duplicates of what they
-- repeat, or of its first sighting elsewhere.
--
-- Of an event, the sighting that comes first in the order of time, then of places, then of packets
-- stands for it; the others are its duplicates.
--
-- SQL cannot take pairs one after the other. But a pair is one event just when no closer one that
-- is shares a sighting with it; which pairs are is read from derived_duplicate itself. One content
-- alone of that table yields itself, since each pair depends on closer ones alone. From an empty
-- table, storing what this yields again and again ends there.
--
-- The program looks at 65,536 sightings of a run together; here there is no such bound.
WITH
places AS (  -- a link of a capture, with the number of its place
  SELECT l.link_id AS link_id, CASE WHEN c.format = 'tcpdump-text' THEN 1 ELSE 0 END AS is_printed,
         DENSE_RANK() OVER (
           ORDER BY CASE WHEN c.format = 'tcpdump-text' THEN 1 ELSE 0 END, COALESCE(c.first_ts, 0),
             c.size, c.sha256, l.interface, COALESCE(l.if_index, -1), COALESCE(l.vlan, ''),
             COALESCE(l.tunnel, 0),
             CASE WHEN l.eth_src IS NULL OR l.eth_dst IS NULL THEN ''
                  WHEN l.eth_src < l.eth_dst THEN l.eth_src ELSE l.eth_dst END,
             CASE WHEN l.eth_src IS NULL OR l.eth_dst IS NULL THEN ''
                  WHEN l.eth_src < l.eth_dst THEN l.eth_dst ELSE l.eth_src END) AS place
  FROM fact_link AS l
  JOIN fact_capture AS c ON c.capture_id = l.capture_id
),
streams AS (  -- a stream with its place; 1 where a print shows the conversation, too
  SELECT s.stream_id AS stream_id, a.conversation_key AS conversation_key, s.ip_proto AS ip_proto,
         s.src AS src, s.src_port AS src_port, s.dst AS dst, s.dst_port AS dst_port,
         l.place AS place,
         MAX(l.is_printed) OVER (PARTITION BY a.conversation_key) AS is_printed
  FROM fact_stream AS s
  JOIN fact_stream AS a ON a.stream_id = s.stream_id - s.stream_id % 2
  JOIN places AS l ON l.link_id = s.link_id
  WHERE s.src IS NOT NULL
    AND a.conversation_key IS NOT NULL
),
shown AS (  -- a packet with what tells it from others, and -1 where there is no such thing
  SELECT p.packet_id AS packet_id, p.ts AS ts, s.place AS place,
         s.conversation_key AS conversation_key, COALESCE(s.ip_proto, -1) AS ip_proto,
         s.src AS src, COALESCE(s.src_port, -1) AS src_port, s.dst AS dst, COALESCE(s.dst_port,
         -1) AS dst_port,
         COALESCE(p.payload_length, -1) AS payload_length, COALESCE(p.tcp_flags, -1) AS tcp_flags,
         COALESCE(q.txid, -1) AS txid, COALESCE(q.is_response, -1) AS is_response,
         CASE WHEN q.packet_id IS NULL THEN COALESCE(i.type, -1) ELSE -1 END AS icmp_type,
         CASE WHEN q.packet_id IS NULL THEN COALESCE(i.code, -1) ELSE -1 END AS icmp_code,
         CASE WHEN s.is_printed = 0 THEN COALESCE(p.ip_id, -1) ELSE -1 END AS ip_id,
         CASE WHEN s.is_printed = 0 THEN COALESCE(f.offset, 0) ELSE 0 END AS fragment_offset,
         CASE WHEN s.is_printed = 0 THEN p.content END AS content
  FROM fact_packet AS p
  JOIN streams AS s ON s.stream_id = p.stream_id
  LEFT JOIN fact_fragment AS f ON f.packet_id = p.packet_id
  LEFT JOIN fact_dns_message AS q ON q.packet_id = p.packet_id AND q.position = 0
  LEFT JOIN fact_icmp_message AS i ON i.packet_id = p.packet_id
  WHERE p.ts IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM fact_repetition AS r WHERE r.packet_id = p.packet_id)
),
numbered AS (  -- the same, with the number of what it shows, equal for equal packets
  SELECT packet_id, ts, place,
         DENSE_RANK() OVER (
           ORDER BY conversation_key, ip_proto, src, src_port, dst, dst_port, payload_length,
             tcp_flags, txid, is_response, icmp_type, icmp_code, ip_id, fragment_offset,
             content NULLS FIRST) AS identity
  FROM shown
),
spaced AS (  -- the same; 1 where a run begins
  SELECT packet_id, ts, place, identity,
         CASE WHEN ts - LAG(ts) OVER (PARTITION BY identity ORDER BY ts, place, packet_id)
                <= 1000000000 THEN 0 ELSE 1 END AS begins_run
  FROM numbered
),
sightings AS (  -- a packet of a run, with its position among equal ones
  SELECT packet_id, ts, place, identity,
         SUM(begins_run) OVER (
           PARTITION BY identity ORDER BY ts, place, packet_id
           ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS run,
         ROW_NUMBER() OVER (PARTITION BY identity ORDER BY ts, place, packet_id) AS position
  FROM spaced
),
main_places AS (  -- a place that shows packets of a run; 1 for the one that stands for the events
  SELECT identity, run, place,
         ROW_NUMBER() OVER (
           PARTITION BY identity, run ORDER BY COUNT(*) DESC, MIN(position)) AS preference
  FROM sightings
  GROUP BY identity, run, place
),
pairs AS (  -- a sighting at that place and one at another, close enough to be one event
  SELECT e.packet_id AS event_packet_id, e.position AS event_position,
         o.packet_id AS other_packet_id, o.position AS other_position, o.place AS place,
         e.identity AS identity,
         CASE WHEN o.ts < e.ts THEN e.ts - o.ts ELSE o.ts - e.ts END AS distance,
         CASE WHEN o.position < e.position THEN o.position ELSE e.position END AS left_position,
         CASE WHEN o.position < e.position THEN e.position ELSE o.position END AS right_position
  FROM sightings AS e
  JOIN main_places AS m
    ON m.identity = e.identity AND m.run = e.run AND m.place = e.place AND m.preference = 1
  JOIN sightings AS o ON o.identity = e.identity AND o.run = e.run
  WHERE o.place <> e.place
    AND o.ts BETWEEN e.ts - 1000000000 AND e.ts + 1000000000
),
ranked AS (  -- the same, in the order in which pairs go; 1 where the table takes it for one event
  SELECT p.event_packet_id AS event_packet_id, p.event_position AS event_position,
         p.other_packet_id AS other_packet_id, p.other_position AS other_position, p.place AS place,
         p.identity AS identity,
         ROW_NUMBER() OVER (
           PARTITION BY p.identity, p.place
           ORDER BY p.distance, p.right_position, p.left_position DESC) AS preference,
         CASE WHEN COALESCE(de.first_packet_id, p.event_packet_id)
                = COALESCE(dx.first_packet_id, p.other_packet_id) THEN 1 ELSE 0 END AS is_taken
  FROM pairs AS p
  LEFT JOIN derived_duplicate AS de ON de.packet_id = p.event_packet_id
  LEFT JOIN derived_duplicate AS dx ON dx.packet_id = p.other_packet_id
),
contested AS (  -- the same, with the preference of the first pair that takes either sighting
  SELECT event_packet_id, event_position, other_packet_id, other_position, preference,
         MIN(CASE WHEN is_taken = 1 THEN preference END) OVER (
           PARTITION BY identity, place, event_packet_id) AS event_preference,
         MIN(CASE WHEN is_taken = 1 THEN preference END) OVER (
           PARTITION BY identity, place, other_packet_id) AS other_preference
  FROM ranked
),
events AS (  -- a sighting of an event that was seen at several places, with what stands for it
  SELECT event_packet_id, other_packet_id AS packet_id, other_position AS position
  FROM contested
  WHERE COALESCE(event_preference, preference) >= preference
    AND COALESCE(other_preference, preference) >= preference
  UNION ALL
  SELECT event_packet_id, event_packet_id, MIN(event_position)
  FROM contested
  WHERE COALESCE(event_preference, preference) >= preference
    AND COALESCE(other_preference, preference) >= preference
  GROUP BY event_packet_id
),
ordered AS (  -- the same, from the event's first sighting on
  SELECT event_packet_id, packet_id,
         ROW_NUMBER() OVER (PARTITION BY event_packet_id ORDER BY position) AS number
  FROM events
),
told AS (  -- a sighting of an event, and the first
  SELECT o.packet_id AS packet_id, f.packet_id AS first_packet_id
  FROM ordered AS o
  JOIN ordered AS f ON f.event_packet_id = o.event_packet_id AND f.number = 1
  WHERE o.number > 1
)
SELECT packet_id, first_packet_id
FROM told
UNION ALL
SELECT r.packet_id AS packet_id, COALESCE(t.first_packet_id, r.first_packet_id) AS first_packet_id
FROM fact_repetition AS r
LEFT JOIN told AS t ON t.packet_id = r.first_packet_id;
