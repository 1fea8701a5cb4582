-- The streams of touched keys, in their order, which is about that of their packets: key by key,
-- reading would jump through the whole file. The index alone tells which they are.
INSERT OR IGNORE INTO touched_stream (stream_id)
SELECT a.stream_id + d.direction
FROM touched AS t
CROSS JOIN fact_stream AS a ON a.conversation_key = t.conversation_key
CROSS JOIN (SELECT 0 AS direction UNION ALL SELECT 1) AS d
ORDER BY 1;
