-- The conversation keys whose derivations must be made anew after conversations were added:
-- those that an added conversation shares with another. :first_new is the smallest stream_id
-- that was added; 0 makes everything anew.

-- In a new case, and where everything is made anew: every key, in one look at the index.
INSERT OR IGNORE INTO touched (conversation_key)
SELECT conversation_key
FROM fact_stream
WHERE conversation_key IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM fact_stream WHERE stream_id < :first_new)
GROUP BY conversation_key
HAVING count(*) > 1 OR :first_new = 0;

-- Else what was added is the smaller part; of it, what shows nothing new touches nothing.
INSERT OR IGNORE INTO touched (conversation_key)
SELECT a.conversation_key
FROM fact_stream AS a
WHERE a.stream_id >= :first_new
  AND a.conversation_key IS NOT NULL
  AND EXISTS (SELECT 1 FROM fact_stream WHERE stream_id < :first_new)
  AND NOT EXISTS (SELECT 1 FROM echo AS e WHERE e.conversation_id = a.stream_id >> 1)
  AND EXISTS (
    SELECT 1
    FROM fact_stream AS b
    WHERE b.conversation_key = a.conversation_key AND b.stream_id <> a.stream_id)
ORDER BY a.conversation_key;

-- And those with packets that repeat another to the byte: matching while reading took each for itself.
INSERT OR IGNORE INTO touched (conversation_key)
SELECT a.conversation_key
FROM fact_repetition AS r
CROSS JOIN fact_packet AS p ON p.packet_id = r.packet_id
CROSS JOIN fact_stream AS a ON a.stream_id = p.stream_id - p.stream_id % 2
WHERE r.packet_id >= (
    SELECT capture_id FROM fact_stream WHERE stream_id >= :first_new ORDER BY stream_id LIMIT 1) << 32
  AND a.conversation_key IS NOT NULL;
