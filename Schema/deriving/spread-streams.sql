-- The streams of touched keys that were seen at several places: interfaces, links, or captures whose
-- clocks can be compared. Most touched keys were seen at one place alone, which streams tell.
INSERT INTO spread_stream (stream_id, sender, place, is_printed)
WITH
placed AS (  -- a stream of a touched key, with its sender and its place by number
  SELECT t.conversation_key, s.stream_id,
         dense_rank() OVER (ORDER BY s.conversation_key, s.src, s.src_port) AS sender,
         dense_rank() OVER (
           ORDER BY c.format = 'tcpdump-text', c.sha256, l.interface, l.if_index, l.vlan,
             CASE WHEN l.eth_dst IS NULL THEN '' ELSE min(l.eth_src, l.eth_dst) END,
             CASE WHEN l.eth_src IS NULL THEN '' ELSE max(l.eth_src, l.eth_dst) END) AS place,
         CASE WHEN c.format = 'tcpdump-text' THEN 1 ELSE 0 END AS is_printed
  FROM touched AS t
  CROSS JOIN (
    SELECT a.conversation_key, b.*
    FROM fact_stream AS a
    CROSS JOIN fact_stream AS b ON b.stream_id IN (a.stream_id, a.stream_id + 1)
    ) AS s ON s.conversation_key = t.conversation_key
  CROSS JOIN fact_capture AS c ON c.capture_id = s.capture_id
  LEFT JOIN fact_link AS l ON l.link_id = s.link_id
  WHERE s.src IS NOT NULL
),
spread AS (  -- a key that was seen at several places
  SELECT conversation_key, max(is_printed) AS is_printed
  FROM placed
  GROUP BY conversation_key
  HAVING min(place) <> max(place)
)
SELECT p.stream_id, p.sender, p.place, s.is_printed
FROM spread AS s
JOIN placed AS p ON p.conversation_key = s.conversation_key;
