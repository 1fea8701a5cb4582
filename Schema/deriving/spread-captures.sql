-- The captures that hold streams of `spread_stream`: how many of their packets are in such, how many
-- there are, and whether these stand in the order of time, which only one interface's surely do.
SELECT c.capture_id, sum(s.packets) AS spread_packets, c.packets,
       CASE WHEN c.backward_steps = 0
              AND (SELECT count(*) FROM fact_interface AS i WHERE i.capture_id = c.capture_id) <= 1
            THEN 1 ELSE 0 END AS is_in_order
FROM spread_stream AS p
CROSS JOIN fact_stream AS s ON s.stream_id = p.stream_id
JOIN fact_capture AS c ON c.capture_id = s.capture_id
GROUP BY c.capture_id;
