-- Tells the questions that nobody answered from those whose answer the captures could not show.
-- Unanswered is claimed only where
--   one host was asked, since anybody or nobody may answer a multicast or broadcast;
--   no data from the server was left undecoded after the question, such as an answer in pieces; to
--   bound what a hostile capture costs, among 256 packets of 16 streams;
--   the capture goes on for the time-out of 5 s and holds packets toward the client; where it ends
--   before that, one that goes on with the same link (a capture cut in pieces) serves as well.
UPDATE derived_dns_transaction AS t
SET outcome = CASE WHEN t.ts IS NOT NULL
  AND NOT EXISTS (
    SELECT 1
    FROM fact_stream AS s
    WHERE s.stream_id = t.stream_id
      AND (s.dst LIKE 'ff%:%' OR s.dst = '255.255.255.255'
        OR (s.dst LIKE '2%.%.%.%' AND CAST(s.dst AS INTEGER) BETWEEN 224 AND 239)))
  AND NOT EXISTS (
    SELECT 1
    FROM (
      SELECT back.stream_id
      FROM fact_stream AS s
      CROSS JOIN fact_stream AS even ON even.stream_id = s.stream_id - s.stream_id % 2
      CROSS JOIN fact_stream AS a ON a.conversation_key = even.conversation_key
      CROSS JOIN fact_stream AS back ON back.stream_id IN (a.stream_id, a.stream_id + 1)
      WHERE s.stream_id = t.stream_id
        AND back.src = s.dst AND back.src_port IS s.dst_port
      LIMIT 16) AS b
    WHERE EXISTS (
      SELECT 1
      FROM (
        SELECT p.packet_id, p.ts, p.payload_length
        FROM fact_packet AS p
        WHERE p.stream_id = b.stream_id
          AND (p.packet_id > t.query_packet_id OR p.packet_id >> 32 <> t.query_packet_id >> 32)
        ORDER BY p.packet_id
        LIMIT 256) AS p
      WHERE p.ts + COALESCE(
          (SELECT shift_ns FROM custody_alignment WHERE capture_id = p.packet_id >> 32), 0)
          >= t.ts + COALESCE(
          (SELECT shift_ns FROM custody_alignment WHERE capture_id = t.query_packet_id >> 32), 0)
        AND p.payload_length > 0
        AND NOT EXISTS (SELECT 1 FROM fact_dns_message AS q WHERE q.packet_id = p.packet_id)))
  AND (
    EXISTS (
      SELECT 1
      FROM fact_capture AS own
      CROSS JOIN fact_stream AS s ON s.stream_id = t.stream_id
      CROSS JOIN fact_stream AS back ON back.dst = s.src AND back.capture_id = s.capture_id
      WHERE own.capture_id = t.query_packet_id >> 32
        AND own.last_ts >= t.ts + 5000000000)
    OR EXISTS (
      SELECT 1
      FROM fact_capture AS own
      CROSS JOIN fact_stream AS s ON s.stream_id = t.stream_id
      CROSS JOIN fact_stream AS back ON back.dst = s.src AND back.capture_id = s.capture_id
      JOIN fact_link AS l ON l.link_id = s.link_id
      JOIN fact_link AS same ON same.capture_id <> l.capture_id
        AND same.eth_src = l.eth_src AND same.eth_dst = l.eth_dst
      JOIN fact_capture AS next ON next.capture_id = same.capture_id
      LEFT JOIN custody_alignment AS oh ON oh.capture_id = own.capture_id
      LEFT JOIN custody_alignment AS nh ON nh.capture_id = next.capture_id
      WHERE own.capture_id = t.query_packet_id >> 32
        AND own.time_basis = 'utc'
        AND next.first_ts + COALESCE(nh.shift_ns, 0)
          <= own.last_ts + COALESCE(oh.shift_ns, 0) + 5000000000
        AND next.last_ts + COALESCE(nh.shift_ns, 0)
          >= t.ts + COALESCE(oh.shift_ns, 0) + 5000000000
        AND next.time_basis = 'utc'))
  THEN 3 ELSE 5 END
WHERE t.outcome IN (3, 5);
