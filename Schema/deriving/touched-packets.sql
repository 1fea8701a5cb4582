-- The packets of touched keys, in their order: reading packets stream by stream would jump through
-- the whole file. The index alone tells which they are.
INSERT OR IGNORE INTO touched_packet (packet_id, stream_id)
SELECT p.packet_id, s.stream_id
FROM touched AS t
CROSS JOIN fact_stream AS a ON a.conversation_key = t.conversation_key
CROSS JOIN fact_stream AS s ON s.stream_id IN (a.stream_id, a.stream_id + 1)
CROSS JOIN fact_packet AS p ON p.stream_id = s.stream_id
ORDER BY p.packet_id;
