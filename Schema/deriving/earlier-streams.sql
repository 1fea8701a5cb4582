-- The streams ?1 to ?2 of captures in `earlier_capture`, with their places: the columns of spread_stream.
-- The second of a conversation has the key of the first.
SELECT s.stream_id, COALESCE(s.conversation_key, 0) AS conversation_key,
       CASE WHEN s.src_port <> s.dst_port THEN s.src_port < s.dst_port ELSE s.src <= s.dst END
         AS is_from_lower,
       p.place, 0 AS is_printed
FROM fact_stream AS s
CROSS JOIN earlier_place AS p ON p.link_id = s.link_id
WHERE s.stream_id BETWEEN ?1 AND ?2
  AND s.src IS NOT NULL;
