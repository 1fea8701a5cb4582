-- Conversations that go on with a flow of another number: the rows of derived_flow_member.
--
-- A conversation of which every packet was seen before, at another place (duplicates.sql), is an echo:
-- it goes on with the flow of the one that shows the first of them first.
--
-- Of the others, those of one protocol between the same two ends, in one capture or several, stand in the
-- order of their first such packets; of one time, in that of their captures' digests, then of their
-- numbers. Each goes on with the flow of the one before it, unless it opens a new connection: an
-- end sent a SYN without ACK whose sequence number is not the first that this flow shows of that
-- end. The flow's number is that of its first conversation.
--
-- What the flow of the one before shows is read from derived_flow_member itself: one content alone
-- of that table yields itself, since each conversation depends on earlier ones alone. From an empty
-- table, storing what this yields again and again ends there.
--
-- What is not IP has the link-layer addresses for ends; where a capture shows who sent alone, all
-- packets of one EtherType are of one conversation without ends.
WITH
events AS (  -- a stream with packets that were not seen before, and when the first of them was
  SELECT p.stream_id AS stream_id, MIN(p.ts) AS ts
  FROM fact_packet AS p
  LEFT JOIN derived_duplicate AS d ON d.packet_id = p.packet_id
  WHERE d.packet_id IS NULL
  GROUP BY p.stream_id
),
echoes AS (  -- a conversation without, and the one that shows the first of its packets first
  SELECT a.stream_id AS stream_id, CAST((f.stream_id - f.stream_id % 2) / 2 AS BIGINT) AS shown_by
  FROM fact_stream AS a
  JOIN derived_duplicate AS d ON d.packet_id = a.capture_id * 4294967296 + a.first_packet
  JOIN fact_packet AS f ON f.packet_id = d.first_packet_id
  LEFT JOIN events AS ea ON ea.stream_id = a.stream_id
  LEFT JOIN events AS eb ON eb.stream_id = a.stream_id + 1
  WHERE a.conversation_key IS NOT NULL
    AND ea.stream_id IS NULL
    AND eb.stream_id IS NULL
),
directed AS (  -- a conversation with events, and when its first one was; a is the end that sent first
  SELECT a.stream_id AS stream_id, CAST(a.stream_id / 2 AS BIGINT) AS conversation_id,
         a.conversation_key AS conversation_key,
         COALESCE(a.ip_proto, -1) AS ip_proto,
         CASE WHEN ea.ts <= eb.ts OR eb.ts IS NULL THEN ea.ts ELSE eb.ts END AS ts, c.sha256,
         COALESCE(a.src, CASE WHEN l.eth_dst IS NOT NULL THEN l.eth_src END, '') AS a_end,
         COALESCE(a.src_port, 0) AS a_port,
         COALESCE(a.dst, l.eth_dst, '') AS b_end, COALESCE(a.dst_port, 0) AS b_port,
         CASE WHEN a.tcp_flags % 1024 >= 512 THEN 1 ELSE 0 END AS a_opens, a.tcp_isn AS a_isn,
         CASE WHEN b.tcp_flags % 1024 >= 512 THEN 1 ELSE 0 END AS b_opens, b.tcp_isn AS b_isn
  FROM fact_stream AS a
  JOIN fact_capture AS c ON c.capture_id = a.capture_id
  LEFT JOIN events AS ea ON ea.stream_id = a.stream_id
  LEFT JOIN events AS eb ON eb.stream_id = a.stream_id + 1
  LEFT JOIN fact_link AS l ON l.link_id = a.link_id
  LEFT JOIN fact_stream AS b ON b.stream_id = a.stream_id + 1
  WHERE a.conversation_key IS NOT NULL
    AND (ea.stream_id IS NOT NULL OR eb.stream_id IS NOT NULL)
),
turned AS (  -- the same; the lower end comes first, whoever sent first
  SELECT stream_id, conversation_id, conversation_key, ip_proto, ts, sha256,
         a_end AS lower_end, a_port AS lower_port, b_end AS upper_end, b_port AS upper_port,
         a_opens AS lower_opens, a_isn AS lower_isn, b_opens AS upper_opens, b_isn AS upper_isn
  FROM directed
  WHERE a_end < b_end OR (a_end = b_end AND a_port <= b_port)
  UNION ALL
  SELECT stream_id, conversation_id, conversation_key, ip_proto, ts, sha256,
         b_end, b_port, a_end, a_port, b_opens, b_isn, a_opens, a_isn
  FROM directed
  WHERE b_end < a_end OR (b_end = a_end AND b_port < a_port)
),
conversations AS (  -- the same, with its place among those of its ends, and its flow by the table
  SELECT t.conversation_id AS conversation_id, t.conversation_key AS conversation_key,
         t.ip_proto AS ip_proto,
         t.lower_end AS lower_end, t.lower_port AS lower_port, t.upper_end AS upper_end,
         t.upper_port AS upper_port,
         t.lower_opens AS lower_opens, t.lower_isn AS lower_isn, t.upper_opens AS upper_opens,
         t.upper_isn AS upper_isn,
         COALESCE(m.flow_id, t.conversation_id) AS flow_id,
         ROW_NUMBER() OVER (
           PARTITION BY t.conversation_key, t.ip_proto, t.lower_end, t.lower_port, t.upper_end,
             t.upper_port
           ORDER BY t.ts NULLS FIRST, t.sha256, t.stream_id) AS number
  FROM turned AS t
  LEFT JOIN derived_flow_member AS m ON m.conversation_id = t.conversation_id
),
first_shown AS (  -- the same, and which of its flow, up to it, shows each end's number first
  SELECT conversation_key, ip_proto, lower_end, lower_port, upper_end, upper_port, number, flow_id,
         MIN(CASE WHEN lower_isn IS NOT NULL THEN number END) OVER (
           PARTITION BY conversation_key, ip_proto, lower_end, lower_port, upper_end, upper_port,
             flow_id
           ORDER BY number ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS lower_number,
         MIN(CASE WHEN upper_isn IS NOT NULL THEN number END) OVER (
           PARTITION BY conversation_key, ip_proto, lower_end, lower_port, upper_end, upper_port,
             flow_id
           ORDER BY number ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS upper_number
  FROM conversations
)
SELECT c.conversation_id AS conversation_id, before.flow_id AS flow_id
FROM conversations AS c
JOIN first_shown AS before
  ON before.conversation_key = c.conversation_key AND before.ip_proto = c.ip_proto
  AND before.lower_end = c.lower_end AND before.lower_port = c.lower_port
  AND before.upper_end = c.upper_end AND before.upper_port = c.upper_port
  AND before.number = c.number - 1
LEFT JOIN conversations AS l
  ON l.conversation_key = c.conversation_key AND l.ip_proto = c.ip_proto
  AND l.lower_end = c.lower_end AND l.lower_port = c.lower_port
  AND l.upper_end = c.upper_end AND l.upper_port = c.upper_port
  AND l.number = before.lower_number
LEFT JOIN conversations AS u
  ON u.conversation_key = c.conversation_key AND u.ip_proto = c.ip_proto
  AND u.lower_end = c.lower_end AND u.lower_port = c.lower_port
  AND u.upper_end = c.upper_end AND u.upper_port = c.upper_port
  AND u.number = before.upper_number
WHERE (c.lower_opens = 0 OR c.lower_isn = l.lower_isn)
  AND (c.upper_opens = 0 OR c.upper_isn = u.upper_isn)
UNION ALL
SELECT CAST(e.stream_id / 2 AS BIGINT), COALESCE(m.flow_id, e.shown_by)
FROM echoes AS e
LEFT JOIN derived_flow_member AS m ON m.conversation_id = e.shown_by;
