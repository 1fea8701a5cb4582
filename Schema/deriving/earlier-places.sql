-- The places of captures in `earlier_capture`, numbered in the order that tells which sighting of one
-- time is first: captures by rank, then what tells their links apart.
INSERT INTO earlier_place (link_id, place)
SELECT l.link_id,
       (e.rank << 32) + dense_rank() OVER (
         PARTITION BY l.capture_id
         ORDER BY l.interface, l.if_index, l.vlan, l.tunnel,
           CASE WHEN l.eth_dst IS NULL THEN '' ELSE min(l.eth_src, l.eth_dst) END,
           CASE WHEN l.eth_src IS NULL THEN '' ELSE max(l.eth_src, l.eth_dst) END)
FROM fact_link AS l
JOIN earlier_capture AS e ON e.capture_id = l.capture_id;
