-- Tells the questions that nobody answered from those whose answer the captures could not show.
-- Unanswered is claimed only where a capture goes on for the time-out of 5 s after the question
-- and holds packets toward the client; where the capture of the question ends before that, one
-- that goes on with the same link (a capture cut in pieces) serves as well.
UPDATE derived_dns_transaction AS t
SET outcome = CASE WHEN t.ts IS NOT NULL
  AND EXISTS (
    SELECT 1
    FROM fact_stream AS s
    JOIN fact_stream AS back ON back.dst = s.src AND back.capture_id = s.capture_id
    WHERE s.stream_id = t.stream_id)
  AND EXISTS (
    SELECT 1
    FROM fact_capture AS own
    WHERE own.capture_id = t.query_packet_id >> 32
      AND (own.last_ts >= t.ts + 5000000000
        OR (own.time_basis = 'utc' AND EXISTS (
          SELECT 1
          FROM fact_stream AS s
          JOIN fact_link AS l ON l.link_id = s.link_id
          JOIN fact_link AS same ON same.capture_id <> l.capture_id
            AND same.eth_src IS l.eth_src AND same.eth_dst IS l.eth_dst
          JOIN fact_capture AS next ON next.capture_id = same.capture_id
          WHERE s.stream_id = t.stream_id
            AND next.first_ts <= own.last_ts + 5000000000
            AND next.last_ts >= t.ts + 5000000000
            AND next.time_basis = 'utc'))))
  THEN 3 ELSE 5 END
WHERE t.outcome IN (3, 5);
