-- The conversation keys whose derivations must be made anew after conversations were added:
-- those that an added conversation shares with another. :first_new is the smallest stream_id
-- that was added; 0 makes everything anew.
INSERT OR IGNORE INTO touched (conversation_key)
SELECT conversation_key
FROM fact_stream
WHERE conversation_key IS NOT NULL
GROUP BY conversation_key
HAVING max(stream_id) >= :first_new
   AND (count(*) > 1 OR :first_new = 0);
