-- ICMP errors and the very packets that they quote: the rows of derived_icmp_link.
--
-- An error that quotes a datagram's ends whole, ports included where its protocol has them, quotes
-- a packet that the quoted sender sent in the quoted conversation, with the quoted IP
-- identification where both show one: of those, in the error's own capture, the last before the
-- error. Where that capture shows none, other captures do whose times can be compared: of the last
-- such packet of each stream that is not later than the error, the latest; of several of one time,
-- that of the capture with the smallest digest.
--
-- An error that shows both addresses but not the ends whole, as tcpdump prints most, quotes a
-- packet between these hosts, to the port and of the protocol that it prints, that came before it
-- in its capture, that nothing had answered when the error came, and that no earlier such error
-- quotes. What answers a packet comes the other way in its conversation: for a DNS query, the
-- response of its identifier; for what is no DNS message, any packet. Of several, an error that
-- prints the port quotes the oldest that is at most 5 s older, else the latest; one that prints no
-- port is a router's, which answers at once, and quotes the latest.
--
-- Which packet such an error quotes depends on what earlier errors do, which is read from
-- derived_icmp_link itself: one content alone of that table yields itself, since each error
-- depends on earlier ones alone. From an empty table, storing what this yields again and again
-- ends there.
--
-- The program looks back over 4,096 packets of a stream, of 16 streams of a conversation, and
-- keeps 4,096 unanswered packets between two hosts; here there is no such bound.
WITH
errors AS (  -- an ICMP message that quotes two addresses
  SELECT i.packet_id AS icmp_packet_id, p.ts AS ts, s.capture_id AS capture_id,
         i.quoted_key AS quoted_key,
         i.quoted_src AS quoted_src, i.quoted_src_port AS quoted_src_port,
         i.quoted_dst AS quoted_dst, i.quoted_dst_port AS quoted_dst_port,
         i.quoted_ip_proto AS quoted_ip_proto,
         i.quoted_ip_id AS quoted_ip_id
  FROM fact_icmp_message AS i
  JOIN fact_packet AS p ON p.packet_id = i.packet_id
  JOIN fact_stream AS s ON s.stream_id = p.stream_id
  WHERE i.quoted_src IS NOT NULL
    AND i.quoted_dst IS NOT NULL
),
fitting AS (  -- a packet that an error may quote, which quotes ends whole; 1 is its stream's last
  SELECT e.icmp_packet_id AS icmp_packet_id, p.packet_id AS packet_id, p.ts AS ts, c.sha256,
         CASE WHEN s.capture_id = e.capture_id THEN 0 ELSE 1 END AS is_elsewhere,
         ROW_NUMBER() OVER (
           PARTITION BY e.icmp_packet_id, s.stream_id ORDER BY p.packet_id DESC) AS from_last
  FROM errors AS e
  JOIN fact_stream AS a ON a.conversation_key = e.quoted_key
  JOIN fact_stream AS s ON s.stream_id - s.stream_id % 2 = a.stream_id
  JOIN fact_packet AS p ON p.stream_id = s.stream_id
  JOIN fact_capture AS c ON c.capture_id = s.capture_id
  WHERE s.src = e.quoted_src
    AND s.dst = e.quoted_dst
    AND s.src_port IS NOT DISTINCT FROM e.quoted_src_port
    AND s.dst_port IS NOT DISTINCT FROM e.quoted_dst_port
    AND s.ip_proto = e.quoted_ip_proto
    AND (p.ip_id = e.quoted_ip_id OR p.ip_id IS NULL OR e.quoted_ip_id IS NULL)
    AND (
      (s.capture_id = e.capture_id AND p.packet_id < e.icmp_packet_id)
      OR (s.capture_id <> e.capture_id AND p.ts <= e.ts))
),
whole AS (  -- the same, 1 for the very packet
  SELECT icmp_packet_id, packet_id,
         ROW_NUMBER() OVER (
           PARTITION BY icmp_packet_id
           ORDER BY is_elsewhere,
             CASE WHEN is_elsewhere = 0 THEN packet_id ELSE ts END DESC,
             sha256, packet_id DESC) AS preference
  FROM fitting
  WHERE from_last = 1
),
partial_errors AS (  -- an error that does not show the ends whole
  SELECT icmp_packet_id, ts, capture_id, quoted_src, quoted_dst, quoted_dst_port, quoted_ip_proto
  FROM errors
  WHERE quoted_key IS NULL
),
packets AS (  -- any other packet of such an error's capture
  SELECT p.packet_id AS packet_id, p.ts AS ts, p.stream_id AS stream_id,
         s.capture_id AS capture_id, s.src AS src, s.dst AS dst, s.dst_port AS dst_port,
         s.ip_proto AS ip_proto,
         q.txid AS txid, COALESCE(q.is_response, 0) AS is_response
  FROM fact_packet AS p
  JOIN fact_stream AS s ON s.stream_id = p.stream_id
  LEFT JOIN fact_dns_message AS q ON q.packet_id = p.packet_id AND q.position = 0
  LEFT JOIN partial_errors AS e ON e.icmp_packet_id = p.packet_id
  WHERE s.capture_id IN (SELECT capture_id FROM partial_errors)
    AND s.src IS NOT NULL
    AND s.dst IS NOT NULL
    AND e.icmp_packet_id IS NULL
),
answered AS (  -- a packet that something answered, and what did first
  SELECT p.packet_id AS packet_id, MIN(r.packet_id) AS answer_packet_id
  FROM packets AS p
  JOIN packets AS r ON r.stream_id = p.stream_id + 1 - 2 * (p.stream_id % 2)
  WHERE r.packet_id > p.packet_id
    AND (p.txid IS NULL OR (r.is_response = 1 AND r.txid = p.txid))
  GROUP BY p.packet_id
),
quoted AS (  -- a packet that such an error quotes, by the table
  SELECT k.icmp_packet_id AS icmp_packet_id, k.original_packet_id AS original_packet_id
  FROM derived_icmp_link AS k
  JOIN partial_errors AS e ON e.icmp_packet_id = k.icmp_packet_id
),
open_packets AS (  -- a packet that such an error may quote
  SELECT e.icmp_packet_id AS icmp_packet_id, p.packet_id AS packet_id,
         CASE WHEN e.quoted_dst_port IS NOT NULL AND COALESCE(e.ts - p.ts, 0) <= 5000000000
              THEN 1 ELSE 0 END AS is_recent
  FROM partial_errors AS e
  JOIN packets AS p
    ON p.capture_id = e.capture_id AND p.src = e.quoted_src AND p.dst = e.quoted_dst
  LEFT JOIN answered AS a
    ON a.packet_id = p.packet_id AND a.answer_packet_id < e.icmp_packet_id
  LEFT JOIN quoted AS k
    ON k.original_packet_id = p.packet_id AND k.icmp_packet_id < e.icmp_packet_id
  WHERE p.packet_id < e.icmp_packet_id
    AND p.is_response = 0
    AND (e.quoted_dst_port IS NULL OR e.quoted_dst_port = p.dst_port)
    AND (e.quoted_ip_proto IS NULL OR e.quoted_ip_proto = p.ip_proto)
    AND a.packet_id IS NULL
    AND k.original_packet_id IS NULL
),
in_part AS (  -- the same, 1 for the very packet
  SELECT icmp_packet_id, packet_id,
         ROW_NUMBER() OVER (
           PARTITION BY icmp_packet_id
           ORDER BY is_recent DESC,
             CASE WHEN is_recent = 1 THEN packet_id ELSE -packet_id END) AS preference
  FROM open_packets
)
SELECT icmp_packet_id, packet_id AS original_packet_id
FROM whole
WHERE preference = 1
UNION ALL
SELECT icmp_packet_id, packet_id
FROM in_part
WHERE preference = 1;
