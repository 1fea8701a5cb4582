-- The streams of touched keys that were seen at several places: interfaces, links, or captures whose
-- clocks can be compared. Most touched keys were seen at one place alone, which streams tell.
INSERT INTO spread_stream (stream_id, conversation_key, is_from_lower, place, is_printed)
WITH
places AS (  -- a link of a capture, with the number of its place; captures before their prints
  SELECT l.link_id,
         dense_rank() OVER (
           ORDER BY c.format = 'tcpdump-text', c.sha256, l.interface, l.if_index, l.vlan,
             CASE WHEN l.eth_dst IS NULL THEN '' ELSE min(l.eth_src, l.eth_dst) END,
             CASE WHEN l.eth_src IS NULL THEN '' ELSE max(l.eth_src, l.eth_dst) END) AS place
  FROM fact_link AS l
  JOIN fact_capture AS c ON c.capture_id = l.capture_id
),
placed AS (  -- a stream of a touched key, with its place
  SELECT t.conversation_key, s.stream_id, p.place,
         COALESCE(s.src < s.dst OR (s.src = s.dst AND s.src_port <= s.dst_port), 0)
           AS is_from_lower,
         CASE WHEN c.format = 'tcpdump-text' THEN 1 ELSE 0 END AS is_printed
  FROM touched AS t
  CROSS JOIN fact_stream AS a ON a.conversation_key = t.conversation_key
  CROSS JOIN fact_stream AS s ON s.stream_id IN (a.stream_id, a.stream_id + 1)
  CROSS JOIN fact_capture AS c ON c.capture_id = s.capture_id
  CROSS JOIN places AS p ON p.link_id = s.link_id
  WHERE s.src IS NOT NULL
),
spread AS (  -- a key that was seen at several places
  SELECT conversation_key, max(is_printed) AS is_printed
  FROM placed
  GROUP BY conversation_key
  HAVING min(place) <> max(place)
)
SELECT p.stream_id, p.conversation_key, p.is_from_lower, p.place, s.is_printed
FROM spread AS s
JOIN placed AS p ON p.conversation_key = s.conversation_key;
