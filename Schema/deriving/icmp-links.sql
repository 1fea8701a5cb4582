-- Links ICMP errors to the very packets that they quote, for errors that have no link yet.
--
-- Of the packets that the quoted end sent in the quoted conversation before the error, the
-- latest with the quoted IP identification. Search goes back over at most 4,096 packets of at
-- most 16 streams: an honest error follows its packet within seconds, and a capture made of
-- errors must not cost the square of its size.

-- In the error's own capture.
INSERT INTO derived_icmp_link (icmp_packet_id, original_packet_id)
WITH
quoting AS MATERIALIZED (  -- an error, with the packet that it quotes, looked for once
  SELECT i.packet_id AS icmp_packet_id, (
    SELECT max(original)
    FROM (
      SELECT (
        SELECT packet_id
        FROM (
          SELECT p.packet_id, p.ip_id
          FROM fact_packet AS p
          WHERE p.stream_id = s.stream_id AND p.packet_id < i.packet_id
          ORDER BY p.packet_id DESC
          LIMIT 4096)
        WHERE ip_id = i.quoted_ip_id OR ip_id IS NULL OR i.quoted_ip_id IS NULL
        LIMIT 1) AS original
      FROM fact_stream AS a
      CROSS JOIN fact_stream AS s ON s.stream_id IN (a.stream_id, a.stream_id + 1)
      WHERE a.conversation_key = i.quoted_key
        AND s.src = i.quoted_src AND s.src_port IS i.quoted_src_port
        AND s.capture_id = i.packet_id >> 32
      ORDER BY s.stream_id DESC
      LIMIT 16)) AS original_packet_id
  FROM fact_icmp_message AS i
  WHERE i.quoted_key IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM derived_icmp_link AS k WHERE k.icmp_packet_id = i.packet_id)
)
SELECT icmp_packet_id, original_packet_id
FROM quoting
WHERE original_packet_id IS NOT NULL;

-- In another capture, where the error's own does not show the packet: the latest that any shows,
-- which need not be that of the conversation that began last.
INSERT INTO derived_icmp_link (icmp_packet_id, original_packet_id)
WITH
quoting AS MATERIALIZED (  -- an error, with the packet that it quotes, looked for once
  SELECT i.packet_id AS icmp_packet_id, (
    SELECT o.packet_id
    FROM (
      SELECT (
        SELECT packet_id
        FROM (
          SELECT p.packet_id, p.ip_id
          FROM fact_packet AS p
          WHERE p.stream_id = s.stream_id
            AND p.ts + COALESCE(fh.shift_ns, 0) <= e.ts + COALESCE(eh.shift_ns, 0)
          ORDER BY p.packet_id DESC
          LIMIT 4096)
        WHERE ip_id = i.quoted_ip_id OR ip_id IS NULL OR i.quoted_ip_id IS NULL
        LIMIT 1) AS original
      FROM fact_stream AS a
      CROSS JOIN fact_stream AS s ON s.stream_id IN (a.stream_id, a.stream_id + 1)
      JOIN fact_packet AS f ON f.packet_id = (s.capture_id << 32 | s.first_packet)
      LEFT JOIN custody_alignment AS fh ON fh.capture_id = s.capture_id
      WHERE a.conversation_key = i.quoted_key
        AND s.src = i.quoted_src AND s.src_port IS i.quoted_src_port
        AND s.capture_id <> i.packet_id >> 32
        AND f.ts + COALESCE(fh.shift_ns, 0) <= e.ts + COALESCE(eh.shift_ns, 0)
      ORDER BY f.ts + COALESCE(fh.shift_ns, 0) DESC
      LIMIT 16) AS last
    JOIN fact_packet AS o ON o.packet_id = last.original
    JOIN fact_capture AS c ON c.capture_id = o.packet_id >> 32
    LEFT JOIN custody_alignment AS oh ON oh.capture_id = c.capture_id
    ORDER BY o.ts + COALESCE(oh.shift_ns, 0) DESC, c.sha256, o.packet_id DESC
    LIMIT 1) AS original_packet_id
  FROM fact_icmp_message AS i
  JOIN fact_packet AS e ON e.packet_id = i.packet_id
  LEFT JOIN custody_alignment AS eh ON eh.capture_id = i.packet_id >> 32
  WHERE i.quoted_key IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM derived_icmp_link AS k WHERE k.icmp_packet_id = i.packet_id)
)
SELECT icmp_packet_id, original_packet_id
FROM quoting
WHERE original_packet_id IS NOT NULL;
