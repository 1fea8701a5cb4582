-- Which question a DNS message, or an ICMP error that quotes one, belongs to: a row for each query
-- of derived_dns_transaction, answer, refusal and row of derived_dns_retry.
--
-- A question is an asker's, who is told by both ends, the transport and the identifier; it has a
-- name and a type. Messages and errors of a conversation stand in the order of time; of one time,
-- in that of their captures' digests, then of packets, and of their places in a packet. One that
-- was seen before at another place
-- counts once.
--
-- A query asks; an error refuses that says that its datagram went no further: destination
-- unreachable, but for what asks for smaller datagrams; time exceeded; parameter problem. An error
-- that quotes the identifier, name and type of a query to port 53 tells by itself what it refuses;
-- any other has them from the query that it is linked to (icmp-links.sql), of several in one packet
-- the first.
--
-- A question is open from its first query until the answer or the refusal that closes it, until it
-- is asked anew, and for 60 s at the most. To each message and error belongs the asker's open
-- question of its name and type. One that does not show both, and has no such question, takes the
-- asker's question that was opened last, if that does not contradict what it shows.
--
-- A query without an open question, or one that comes more than 30 s after the last before it of
-- its question, opens a question. Any other asks again. An answer or a refusal closes its open
-- question, or belongs to none.
--
-- What is open depends on what came before, which is read from derived_dns_transaction and
-- derived_dns_retry themselves: one content alone of these tables yields itself, since each row
-- depends on earlier ones alone. From empty tables, storing what this yields again and again ends
-- there.
--
-- The program keeps 262,144 questions open; here there is no such bound.
WITH
messages AS (  -- a DNS message: which end asks, which is asked
  SELECT q.packet_id AS packet_id, q.position AS position, p.ts AS ts, a.conversation_key AS conversation_key,
         CASE WHEN q.is_response = 1 THEN 'answers' ELSE 'asks' END AS role,
         CASE WHEN q.is_response = 1 THEN s.dst ELSE s.src END AS client,
         CASE WHEN q.is_response = 1 THEN s.dst_port ELSE s.src_port END AS client_port,
         q.transport AS transport, q.txid AS txid, q.qname AS qname, q.qtype AS qtype,
         s.capture_id AS capture_id
  FROM fact_dns_message AS q
  JOIN fact_packet AS p ON p.packet_id = q.packet_id
  JOIN fact_stream AS s ON s.stream_id = p.stream_id
  JOIN fact_stream AS a ON a.stream_id = s.stream_id - s.stream_id % 2
),
errors AS (  -- an ICMP error whose datagram went no further
  SELECT i.packet_id AS packet_id, p.ts AS ts, s.capture_id AS capture_id,
         i.quoted_key AS quoted_key, i.quoted_src AS quoted_src,
         i.quoted_src_port AS quoted_src_port,
         i.quoted_ip_proto AS quoted_ip_proto, i.quoted_dns_txid AS quoted_dns_txid,
         i.quoted_qname AS quoted_qname, i.quoted_qtype AS quoted_qtype,
         CASE WHEN i.quoted_key IS NOT NULL
                AND i.quoted_dst_port = 53
                AND i.quoted_dns_txid IS NOT NULL
                AND i.quoted_qname IS NOT NULL
                AND i.quoted_qtype IS NOT NULL
              THEN 1 ELSE 0 END AS is_whole
  FROM fact_icmp_message AS i
  JOIN fact_packet AS p ON p.packet_id = i.packet_id
  JOIN fact_stream AS s ON s.stream_id = p.stream_id
  WHERE (i.version = 4 AND i.type = 3 AND i.code <> 4)
     OR (i.version = 4 AND i.type IN (11, 12))
     OR (i.version = 6 AND i.type IN (1, 3, 4))
),
every_event AS (  -- a message, or an error that quotes a query
  SELECT packet_id, position, ts, conversation_key, role, client, client_port, transport, txid, qname, qtype,
         capture_id
  FROM messages
  UNION ALL
  SELECT packet_id, 0, ts, quoted_key, 'refuses', quoted_src, quoted_src_port,
         CASE WHEN quoted_ip_proto = 6 THEN 1 ELSE 0 END, quoted_dns_txid, quoted_qname,
         quoted_qtype, capture_id
  FROM errors
  WHERE is_whole = 1
  UNION ALL
  SELECT e.packet_id AS packet_id, 0, e.ts AS ts, m.conversation_key AS conversation_key, 'refuses',
         m.client AS client, m.client_port AS client_port, m.transport AS transport,
         COALESCE(e.quoted_dns_txid, m.txid), COALESCE(e.quoted_qname, m.qname),
         COALESCE(e.quoted_qtype, m.qtype), e.capture_id AS capture_id
  FROM errors AS e
  JOIN derived_icmp_link AS k ON k.icmp_packet_id = e.packet_id
  JOIN messages AS m ON m.packet_id = k.original_packet_id AND m.position = 0
  WHERE e.is_whole = 0
    AND m.role = 'asks'
),
events AS (  -- the same, one for each event, with its place in its conversation
  SELECT e.packet_id AS packet_id, e.position AS position, e.ts AS ts, e.role AS role,
         e.conversation_key AS conversation_key, e.client AS client,
         COALESCE(e.client_port, -1) AS client_port, e.transport AS transport, e.txid AS txid,
         e.qname AS qname, e.qtype AS qtype,
         ROW_NUMBER() OVER (
           PARTITION BY e.conversation_key
           ORDER BY e.ts NULLS FIRST, c.sha256, e.packet_id, e.position) AS place
  FROM every_event AS e
  JOIN fact_capture AS c ON c.capture_id = e.capture_id
  LEFT JOIN derived_duplicate AS d ON d.packet_id = e.packet_id
  WHERE d.packet_id IS NULL
    AND e.conversation_key IS NOT NULL
),
questions AS (  -- a question by the tables, with the places where it opened and where it closed
  SELECT q.packet_id AS query_packet_id, q.position AS query_position, q.ts AS ts,
         q.conversation_key AS conversation_key,
         q.client AS client, q.client_port AS client_port,
         q.transport AS transport, q.txid AS txid, q.qname AS qname, q.qtype AS qtype,
         q.place AS place, c.place AS closed_place,
         LEAD(q.place, 1, 9223372036854775807) OVER (
           PARTITION BY q.conversation_key, q.client, q.client_port, q.transport, q.txid, q.qname,
             q.qtype
           ORDER BY q.place) AS next_place
  FROM derived_dns_transaction AS t
  JOIN events AS q ON q.packet_id = t.query_packet_id AND q.position = t.query_position
  LEFT JOIN events AS c
    ON c.packet_id = COALESCE(t.response_packet_id, t.icmp_packet_id)
    AND c.position = COALESCE(t.response_position, 0)
),
attempts AS (  -- a query of a question by the tables
  SELECT t.query_packet_id AS query_packet_id, t.query_position AS query_position,
         e.place AS place, e.ts AS ts
  FROM derived_dns_transaction AS t
  JOIN events AS e ON e.packet_id = t.query_packet_id AND e.position = t.query_position
  UNION ALL
  SELECT r.query_packet_id AS query_packet_id, r.query_position AS query_position,
         e.place AS place, e.ts AS ts
  FROM derived_dns_retry AS r
  JOIN events AS e ON e.packet_id = r.packet_id AND e.position = r.position
),
open_questions AS (  -- a question of the asker that is open when an event comes; 1 is the newest
  SELECT e.packet_id AS packet_id, e.position AS position, q.query_packet_id AS query_packet_id,
         q.query_position AS query_position,
         CASE WHEN q.qname IS NOT DISTINCT FROM e.qname AND q.qtype IS NOT DISTINCT FROM e.qtype
              THEN 1 ELSE 0 END AS is_same,
         CASE WHEN (e.qname IS NULL OR e.qtype IS NULL)
                AND (e.qname IS NULL OR e.qname = q.qname)
                AND (e.qtype IS NULL OR e.qtype = q.qtype)
              THEN 1 ELSE 0 END AS is_possible,
         ROW_NUMBER() OVER (PARTITION BY e.packet_id, e.position ORDER BY q.place DESC) AS age
  FROM events AS e
  JOIN questions AS q
    ON q.conversation_key = e.conversation_key AND q.client = e.client
    AND q.client_port = e.client_port AND q.transport = e.transport AND q.txid = e.txid
  WHERE q.place < e.place
    AND COALESCE(q.closed_place, e.place) >= e.place
    AND q.next_place >= e.place
    AND COALESCE(e.ts - q.ts, 0) <= 60000000000
),
found AS (  -- an event with the open question that it belongs to
  SELECT packet_id, position, query_packet_id, query_position,
         ROW_NUMBER() OVER (PARTITION BY packet_id, position ORDER BY is_same DESC) AS preference
  FROM open_questions
  WHERE is_same = 1
     OR (age = 1 AND is_possible = 1)
),
last_attempts AS (  -- the same, with the time of the last query before it of that question
  SELECT f.packet_id AS packet_id, f.position AS position, f.query_packet_id AS query_packet_id,
         f.query_position AS query_position, MAX(a.ts) AS last_ts
  FROM found AS f
  JOIN events AS e ON e.packet_id = f.packet_id AND e.position = f.position
  JOIN attempts AS a
    ON a.query_packet_id = f.query_packet_id AND a.query_position = f.query_position
    AND a.place < e.place
  WHERE f.preference = 1
  GROUP BY f.packet_id, f.position, f.query_packet_id, f.query_position
),
belonging AS (  -- an event with its question; 1 is the first to close it
  SELECT e.packet_id AS packet_id, e.position AS position,
         CASE WHEN l.packet_id IS NULL OR (e.role = 'asks' AND e.ts - l.last_ts > 30000000000)
              THEN e.packet_id ELSE l.query_packet_id END AS query_packet_id,
         CASE WHEN l.packet_id IS NULL OR (e.role = 'asks' AND e.ts - l.last_ts > 30000000000)
              THEN e.position ELSE l.query_position END AS query_position,
         CASE WHEN e.role <> 'asks' THEN e.role
              WHEN l.packet_id IS NULL OR e.ts - l.last_ts > 30000000000 THEN 'asks'
              ELSE 'asks again' END AS role,
         ROW_NUMBER() OVER (
           PARTITION BY l.query_packet_id, l.query_position,
             CASE WHEN e.role = 'asks' THEN 1 ELSE 0 END
           ORDER BY e.place, e.packet_id) AS number
  FROM events AS e
  LEFT JOIN last_attempts AS l ON l.packet_id = e.packet_id AND l.position = e.position
  WHERE e.role = 'asks'
     OR l.packet_id IS NOT NULL
)
SELECT packet_id, position, query_packet_id, query_position, role
FROM belonging
WHERE role IN ('asks', 'asks again')
   OR number = 1;
