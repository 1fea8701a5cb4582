-- The packets of touched streams that hold DNS messages, in their order. Indexes alone tell which they are.
INSERT OR IGNORE INTO touched_message (packet_id)
SELECT q.packet_id
FROM touched_stream AS t
CROSS JOIN fact_packet AS p ON p.stream_id = t.stream_id
CROSS JOIN fact_dns_message AS q ON q.packet_id = p.packet_id
ORDER BY q.packet_id;
