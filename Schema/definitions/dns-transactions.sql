-- One DNS question, its retries, its fate: the rows of derived_dns_transaction, but for which
-- messages belong to a question, which dns-matches.sql defines and the tables tell.
--
-- Attempts are the first query and those that ask again; the wait is from the first of them to the
-- answer. An answer is in time within 5 s, the usual resolver's time-out (RFC 1035, 4.2.1, asks for
-- two to five), else late; one whose wait cannot be told is in time. A question that an ICMP error
-- quotes is refused. One that nothing came of has timed out where all of this holds, else its fate
-- is unobserved:
--   its time is known;
--   one host was asked, since anybody or nobody may answer a multicast (RFC 4291, 2.7; RFC 5771)
--   or a broadcast (RFC 919);
--   no data from the server was left undecoded after the question, such as an answer in pieces;
--   an answer would have been seen: the capture holds packets toward the client, and it goes on
--   for 5 s after the question. Where it ends before that, another will do that shows the same
--   link-layer sender and receiver, begins at most 5 s after its end, and goes on for that time,
--   such as the next piece of a capture cut in pieces; both with times in UTC.
--
-- The program looks for undecoded data among 256 packets of 16 streams; here there is no such
-- bound.
WITH
retries AS (  -- a question that was asked again, and how often
  SELECT query_packet_id, query_position, COUNT(*) AS retries
  FROM derived_dns_retry
  GROUP BY query_packet_id, query_position
),
questions AS (  -- a question, with what was captured of it
  SELECT t.query_packet_id AS query_packet_id, t.query_position AS query_position,
         t.response_packet_id AS response_packet_id, t.response_position AS response_position,
         t.icmp_packet_id AS icmp_packet_id, p.stream_id AS stream_id, p.ts AS ts,
         1 + COALESCE(r.retries, 0) AS attempts, a.rcode AS rcode, ap.ts - p.ts AS rtt_ns,
         s.capture_id AS capture_id, s.link_id AS link_id, s.src AS src, s.dst AS dst,
         s.dst_port AS dst_port, even.conversation_key AS conversation_key
  FROM derived_dns_transaction AS t
  JOIN fact_packet AS p ON p.packet_id = t.query_packet_id
  JOIN fact_stream AS s ON s.stream_id = p.stream_id
  JOIN fact_stream AS even ON even.stream_id = s.stream_id - s.stream_id % 2
  LEFT JOIN retries AS r
    ON r.query_packet_id = t.query_packet_id AND r.query_position = t.query_position
  LEFT JOIN fact_dns_message AS a
    ON a.packet_id = t.response_packet_id AND a.position = t.response_position
  LEFT JOIN fact_packet AS ap ON ap.packet_id = t.response_packet_id
),
silent AS (  -- a packet with a question that nothing came of
  SELECT DISTINCT query_packet_id, ts, capture_id, link_id, src, dst, dst_port, conversation_key
  FROM questions
  WHERE response_packet_id IS NULL
    AND icmp_packet_id IS NULL
),
toward_clients AS (  -- a client that a capture holds a packet to
  SELECT DISTINCT capture_id, dst AS client
  FROM fact_stream
  WHERE dst IS NOT NULL
),
undecoded AS (  -- such a packet, after which the server sent data that was not decoded
  SELECT DISTINCT q.query_packet_id AS query_packet_id
  FROM silent AS q
  JOIN fact_stream AS even ON even.conversation_key = q.conversation_key
  JOIN fact_stream AS back ON back.stream_id - back.stream_id % 2 = even.stream_id
  JOIN fact_packet AS p ON p.stream_id = back.stream_id
  LEFT JOIN fact_dns_message AS m ON m.packet_id = p.packet_id
  WHERE back.src = q.dst
    AND back.src_port IS NOT DISTINCT FROM q.dst_port
    AND (p.packet_id > q.query_packet_id OR back.capture_id <> q.capture_id)
    AND p.ts >= q.ts
    AND p.payload_length > 0
    AND m.packet_id IS NULL
),
continued AS (  -- such a packet, the time-out of which another capture shows
  SELECT DISTINCT q.query_packet_id AS query_packet_id
  FROM silent AS q
  JOIN fact_capture AS own ON own.capture_id = q.capture_id
  JOIN fact_link AS l ON l.link_id = q.link_id
  JOIN fact_link AS same ON same.eth_src = l.eth_src AND same.eth_dst = l.eth_dst
  JOIN fact_capture AS other ON other.capture_id = same.capture_id
  WHERE other.capture_id <> own.capture_id
    AND own.time_basis = 'utc'
    AND other.time_basis = 'utc'
    AND other.first_ts <= own.last_ts + 5000000000
    AND other.last_ts >= q.ts + 5000000000
),
observed AS (  -- such a packet, whose answer would have been seen
  SELECT q.query_packet_id AS query_packet_id
  FROM silent AS q
  JOIN fact_capture AS own ON own.capture_id = q.capture_id
  JOIN toward_clients AS c ON c.capture_id = q.capture_id AND c.client = q.src
  LEFT JOIN continued AS k ON k.query_packet_id = q.query_packet_id
  LEFT JOIN undecoded AS u ON u.query_packet_id = q.query_packet_id
  WHERE u.query_packet_id IS NULL
    AND (own.last_ts >= q.ts + 5000000000
      OR (q.ts IS NOT NULL AND k.query_packet_id IS NOT NULL))
    AND q.dst NOT LIKE 'ff%:%'
    AND q.dst <> '255.255.255.255'
    AND (q.dst NOT LIKE '2__.%.%.%'
      OR SUBSTR(q.dst, 1, 4) NOT IN (
        '224.', '225.', '226.', '227.', '228.', '229.', '230.', '231.', '232.', '233.', '234.',
        '235.', '236.', '237.', '238.', '239.'))
),
judged AS (  -- a question, with what became of it
  SELECT q.query_packet_id AS query_packet_id, q.query_position AS query_position,
         q.response_packet_id AS response_packet_id, q.response_position AS response_position,
         q.icmp_packet_id AS icmp_packet_id, q.stream_id AS stream_id, q.ts AS ts,
         q.attempts AS attempts,
         q.rcode AS rcode, q.rtt_ns AS rtt_ns,
         CASE WHEN q.response_packet_id IS NOT NULL AND COALESCE(q.rtt_ns, 0) <= 5000000000
                THEN 'answered'
              WHEN q.response_packet_id IS NOT NULL THEN 'late'
              WHEN q.icmp_packet_id IS NOT NULL THEN 'refused'
              WHEN o.query_packet_id IS NOT NULL THEN 'timed-out'
              ELSE 'unobserved' END AS outcome_name
  FROM questions AS q
  LEFT JOIN observed AS o ON o.query_packet_id = q.query_packet_id
)
SELECT j.query_packet_id AS query_packet_id, j.query_position AS query_position,
       j.response_packet_id AS response_packet_id, j.response_position AS response_position,
       j.icmp_packet_id AS icmp_packet_id, j.stream_id AS stream_id, j.ts AS ts,
       j.attempts AS attempts,
       j.rcode AS rcode, j.rtt_ns AS rtt_ns, o.outcome AS outcome
FROM judged AS j
JOIN lookup_outcome AS o ON o.name = j.outcome_name;
