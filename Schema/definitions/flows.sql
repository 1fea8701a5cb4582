-- Bidirectional conversations in the case: the rows of derived_flow.
--
-- A flow is a conversation with those that go on with it (flow-members.sql). It counts events: a
-- packet that was seen before at another place (duplicates.sql) is not counted again, nor does it
-- begin or end a flow.
--
-- The client is who sent a SYN without ACK, or was sent one with ACK; else, who has not the better
-- known port; else, who sent first. A port below 1024 (RFC 6335, section 6) is known better than
-- one of a service in lookup_service, and that better than any other.
--
-- How it began and ended is told in Zeek's words, which lookup_flow_state explains, from what each
-- end of it was seen to send:
--   of TCP, each end is reset (it sent RST), else closed (FIN), else established (SYN, and the
--   other end sent anything), opening (SYN without ACK alone), accepting (SYN with ACK alone),
--   partial (anything else), or unseen; the cases below stand in the order of precedence;
--   of UDP, what counts is who sent.
WITH
events AS (  -- a stream with packets that were not seen before, and what they come to
  SELECT p.stream_id AS stream_id, COUNT(*) AS packets,
         SUM(COALESCE(p.length, p.captured_length, 0)) AS bytes,
         SUM(COALESCE(p.payload_length, 0)) AS payload_bytes, MIN(p.ts) AS ts, MAX(p.ts) AS end_ts
  FROM fact_packet AS p
  LEFT JOIN derived_duplicate AS d ON d.packet_id = p.packet_id
  WHERE d.packet_id IS NULL
  GROUP BY p.stream_id
),
conversations AS (  -- a conversation with such packets, its flow, and the end that sent first in it
  SELECT a.stream_id AS stream_id, COALESCE(m.flow_id, CAST(a.stream_id / 2 AS BIGINT)) AS flow_id,
         COALESCE(a.src, CASE WHEN l.eth_dst IS NOT NULL THEN l.eth_src END, '') AS a_end,
         COALESCE(a.src_port, 0) AS a_port
  FROM fact_stream AS a
  LEFT JOIN derived_flow_member AS m ON m.conversation_id * 2 = a.stream_id
  LEFT JOIN fact_link AS l ON l.link_id = a.link_id
  LEFT JOIN events AS ea ON ea.stream_id = a.stream_id
  LEFT JOIN events AS eb ON eb.stream_id = a.stream_id + 1
  WHERE a.conversation_key IS NOT NULL
    AND (ea.stream_id IS NOT NULL OR eb.stream_id IS NOT NULL)
),
directions AS (  -- a stream, with its flow; 1 when it comes from the end that sent first in that
  SELECT c.flow_id AS flow_id,
         CASE WHEN (c.a_end = f.a_end AND c.a_port = f.a_port AND s.stream_id % 2 = 0)
                OR ((c.a_end <> f.a_end OR c.a_port <> f.a_port) AND s.stream_id % 2 = 1)
              THEN 1 ELSE 0 END AS is_a,
         COALESCE(e.packets, 0) AS packets, COALESCE(e.bytes, 0) AS bytes,
         COALESCE(e.payload_bytes, 0) AS payload_bytes, e.ts AS ts, e.end_ts AS end_ts,
         CASE WHEN s.tcp_flags % 2 >= 1 THEN 1 ELSE 0 END AS fin,
         CASE WHEN s.tcp_flags % 8 >= 4 THEN 1 ELSE 0 END AS rst,
         CASE WHEN s.tcp_flags % 512 >= 256 THEN 1 ELSE 0 END AS syn_ack,
         CASE WHEN s.tcp_flags % 1024 >= 512 THEN 1 ELSE 0 END AS syn
  FROM conversations AS c
  JOIN conversations AS f ON f.stream_id = c.flow_id * 2
  JOIN fact_stream AS s ON s.stream_id - s.stream_id % 2 = c.stream_id
  LEFT JOIN events AS e ON e.stream_id = s.stream_id
),
sums AS (  -- what both ends of a flow sent
  SELECT flow_id, MAX(end_ts) - MIN(ts) AS duration_ns,
         SUM(CASE WHEN is_a = 1 THEN packets ELSE 0 END) AS a_packets,
         SUM(CASE WHEN is_a = 1 THEN bytes ELSE 0 END) AS a_bytes,
         SUM(CASE WHEN is_a = 1 THEN payload_bytes ELSE 0 END) AS a_payload_bytes,
         MAX(CASE WHEN is_a = 1 THEN fin ELSE 0 END) AS a_fin,
         MAX(CASE WHEN is_a = 1 THEN rst ELSE 0 END) AS a_rst,
         MAX(CASE WHEN is_a = 1 THEN syn_ack ELSE 0 END) AS a_syn_ack,
         MAX(CASE WHEN is_a = 1 THEN syn ELSE 0 END) AS a_syn,
         SUM(CASE WHEN is_a = 0 THEN packets ELSE 0 END) AS b_packets,
         SUM(CASE WHEN is_a = 0 THEN bytes ELSE 0 END) AS b_bytes,
         SUM(CASE WHEN is_a = 0 THEN payload_bytes ELSE 0 END) AS b_payload_bytes,
         MAX(CASE WHEN is_a = 0 THEN fin ELSE 0 END) AS b_fin,
         MAX(CASE WHEN is_a = 0 THEN rst ELSE 0 END) AS b_rst,
         MAX(CASE WHEN is_a = 0 THEN syn_ack ELSE 0 END) AS b_syn_ack,
         MAX(CASE WHEN is_a = 0 THEN syn ELSE 0 END) AS b_syn
  FROM directions
  GROUP BY flow_id
),
ports AS (  -- a flow, with how well known the ports of both its ends are
  SELECT s.flow_id AS flow_id, a.ip_proto AS ip_proto,
         CASE WHEN a.src_port < 1024 THEN 2 WHEN ka.port IS NOT NULL THEN 1 ELSE 0 END AS a_rank,
         CASE WHEN a.dst_port < 1024 THEN 2 WHEN kb.port IS NOT NULL THEN 1 ELSE 0 END AS b_rank
  FROM sums AS s
  JOIN fact_stream AS a ON a.stream_id = s.flow_id * 2
  LEFT JOIN lookup_service AS ka ON ka.ip_proto = a.ip_proto AND ka.port = a.src_port
  LEFT JOIN lookup_service AS kb ON kb.ip_proto = a.ip_proto AND kb.port = a.dst_port
),
ends AS (  -- a flow, with who its client is and what state either end is in
  SELECT s.flow_id AS flow_id, p.ip_proto AS ip_proto, s.duration_ns AS duration_ns,
         CASE WHEN s.a_syn = 1 OR s.b_syn_ack = 1 THEN 1
              WHEN s.b_syn = 1 OR s.a_syn_ack = 1 THEN 0
              WHEN p.a_rank <= p.b_rank THEN 1 ELSE 0 END AS client_is_a,
         s.a_packets AS a_packets, s.a_bytes AS a_bytes, s.a_payload_bytes AS a_payload_bytes,
         s.a_syn AS a_syn, s.a_syn_ack AS a_syn_ack,
         s.b_packets AS b_packets, s.b_bytes AS b_bytes, s.b_payload_bytes AS b_payload_bytes,
         s.b_syn AS b_syn, s.b_syn_ack AS b_syn_ack,
         CASE WHEN s.a_rst = 1 THEN 'reset'
              WHEN s.a_fin = 1 THEN 'closed'
              WHEN (s.a_syn = 1 OR s.a_syn_ack = 1) AND s.b_packets > 0 THEN 'established'
              WHEN s.a_syn = 1 THEN 'opening'
              WHEN s.a_syn_ack = 1 THEN 'accepting'
              WHEN s.a_packets > 0 THEN 'partial' ELSE 'unseen' END AS a_state,
         CASE WHEN s.b_rst = 1 THEN 'reset'
              WHEN s.b_fin = 1 THEN 'closed'
              WHEN (s.b_syn = 1 OR s.b_syn_ack = 1) AND s.a_packets > 0 THEN 'established'
              WHEN s.b_syn = 1 THEN 'opening'
              WHEN s.b_syn_ack = 1 THEN 'accepting'
              WHEN s.b_packets > 0 THEN 'partial' ELSE 'unseen' END AS b_state
  FROM sums AS s
  JOIN ports AS p ON p.flow_id = s.flow_id
),
flows AS (  -- the same by client and server
  SELECT flow_id, ip_proto, client_is_a, duration_ns,
         a_payload_bytes + b_payload_bytes AS payload_bytes,
         CASE WHEN client_is_a = 1 THEN a_packets ELSE b_packets END AS packets_to_server,
         CASE WHEN client_is_a = 1 THEN b_packets ELSE a_packets END AS packets_to_client,
         CASE WHEN client_is_a = 1 THEN a_bytes ELSE b_bytes END AS bytes_to_server,
         CASE WHEN client_is_a = 1 THEN b_bytes ELSE a_bytes END AS bytes_to_client,
         CASE WHEN client_is_a = 1 THEN a_syn ELSE b_syn END AS client_syn,
         CASE WHEN client_is_a = 1 THEN b_syn_ack ELSE a_syn_ack END AS server_syn_ack,
         CASE WHEN client_is_a = 1 THEN a_state ELSE b_state END AS client_state,
         CASE WHEN client_is_a = 1 THEN b_state ELSE a_state END AS server_state
  FROM ends
),
judged AS (  -- the same, with Zeek's word for it
  SELECT flow_id, client_is_a, duration_ns, packets_to_server, packets_to_client, bytes_to_server,
         bytes_to_client,
         CASE
         WHEN ip_proto = 17 THEN
           CASE WHEN packets_to_server > 0 AND packets_to_client > 0 THEN 'SF'
                WHEN packets_to_server > 0 THEN 'S0'
                WHEN packets_to_client > 0 THEN 'SHR'
                ELSE 'OTH' END
         WHEN ip_proto = 6 THEN
           CASE
           WHEN server_state = 'reset' AND client_syn = 1 AND server_syn_ack = 0 THEN 'REJ'
           WHEN server_state = 'reset' AND client_state = 'reset' AND payload_bytes = 0 THEN 'REJ'
           WHEN server_state = 'reset' AND client_state IN ('unseen', 'partial') THEN 'RSTRH'
           WHEN server_state = 'reset' THEN 'RSTR'
           WHEN client_state = 'reset' AND server_state IN ('unseen', 'partial') THEN 'RSTOS0'
           WHEN client_state = 'reset' THEN 'RSTO'
           WHEN server_state = 'closed' AND client_state = 'closed' THEN 'SF'
           WHEN client_state = 'closed' AND server_state IN ('unseen', 'partial') THEN 'SH'
           WHEN client_state = 'closed' THEN 'S2'
           WHEN server_state = 'closed' AND client_state IN ('unseen', 'partial') THEN 'SHR'
           WHEN server_state = 'closed' THEN 'S3'
           WHEN client_state = 'opening' AND server_state = 'unseen' THEN 'S0'
           WHEN client_state = 'established' AND server_state = 'established' THEN 'S1'
           ELSE 'OTH' END
         END AS state_name
  FROM flows
)
SELECT j.flow_id AS flow_id, j.client_is_a AS client_is_src, j.duration_ns AS duration_ns,
       j.packets_to_server AS packets_to_server,
       j.packets_to_client AS packets_to_client, j.bytes_to_server AS bytes_to_server,
       j.bytes_to_client AS bytes_to_client, t.state AS state
FROM judged AS j
LEFT JOIN lookup_flow_state AS t ON t.name = j.state_name;
