-- The captures whose clocks can be compared with that of one that is read now, by what places are
-- ordered by; whether their packets stand in the order of time, which only one interface's surely do;
-- and whether any repeats another to the byte.
SELECT c.capture_id, c.first_ts, c.size, c.sha256, c.packets,
       c.last_ts + COALESCE(h.shift_ns, 0) AS last_ts, COALESCE(h.shift_ns, 0) AS shift_ns,
       c.format = 'tcpdump-text' AS is_printed,
       c.backward_steps = 0
         AND (SELECT count(*) FROM fact_interface AS i WHERE i.capture_id = c.capture_id) <= 1
         AS is_in_order,
       EXISTS (
         SELECT 1 FROM fact_repetition AS r
         WHERE r.packet_id BETWEEN c.capture_id << 32 AND (c.capture_id + 1 << 32) - 1)
         AS has_repetitions
FROM fact_capture AS c
LEFT JOIN custody_alignment AS h ON h.capture_id = c.capture_id
WHERE c.time_basis = 'utc'
  AND c.first_ts IS NOT NULL;
