-- The streams of touched keys that were seen at several places: interfaces, links, or captures whose
-- clocks can be compared.
INSERT INTO spread_stream (
  stream_id, capture_id, conversation_key, is_from_lower, place, is_printed)
WITH
places AS MATERIALIZED (  -- a link of a capture, with the number of its place; captures before their prints
  SELECT l.link_id,
         dense_rank() OVER (
           ORDER BY c.format = 'tcpdump-text', COALESCE(c.first_ts, 0), c.size, c.sha256, l.interface,
             l.if_index, l.vlan, l.tunnel,
             CASE WHEN l.eth_dst IS NULL THEN '' ELSE min(l.eth_src, l.eth_dst) END,
             CASE WHEN l.eth_src IS NULL THEN '' ELSE max(l.eth_src, l.eth_dst) END) AS place,
         CASE WHEN c.format = 'tcpdump-text' THEN 1 ELSE 0 END AS is_printed
  FROM fact_link AS l
  JOIN fact_capture AS c ON c.capture_id = l.capture_id
),
placed AS MATERIALIZED (  -- a touched stream, with its place
  SELECT a.conversation_key, s.stream_id, s.capture_id, p.place,
         CASE WHEN s.src_port <> s.dst_port THEN s.src_port < s.dst_port ELSE s.src <= s.dst END
           AS is_from_lower,
         p.is_printed
  FROM touched_stream AS t
  CROSS JOIN fact_stream AS s ON s.stream_id = t.stream_id
  CROSS JOIN fact_stream AS a ON a.stream_id = s.stream_id - s.stream_id % 2
  CROSS JOIN places AS p ON p.link_id = s.link_id
  WHERE s.src IS NOT NULL
),
spread AS MATERIALIZED (  -- a key that was seen at several places
  SELECT conversation_key, max(is_printed) AS is_printed
  FROM placed
  GROUP BY conversation_key
  HAVING min(place) <> max(place)
)
SELECT p.stream_id, p.capture_id, p.conversation_key, p.is_from_lower, p.place, s.is_printed
FROM placed AS p
CROSS JOIN spread AS s ON s.conversation_key = p.conversation_key;
