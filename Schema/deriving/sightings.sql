-- The packets of touched keys that were seen at several places: interfaces, links, or captures
-- whose clocks can be compared. Equal packets stand together, in the order of time.
--
-- Equal is what forwarding leaves unchanged: ends, protocol, IP identification and fragment, TCP
-- sequence number and flags, payload, and what a DNS or ICMP message says. What tcpdump printed
-- shows less of it: where a capture of a key is printed, what is never printed tells nothing apart,
-- and of one time the packet itself comes before its print.
--
-- Most touched keys were seen at one place alone, which streams tell: their packets are not read.
WITH
placed AS (  -- a stream of a touched key, with its sender and its place by number
  SELECT t.conversation_key, s.stream_id,
         dense_rank() OVER (ORDER BY s.conversation_key, s.src, s.src_port) AS sender,
         dense_rank() OVER (
           ORDER BY c.format = 'tcpdump-text', c.sha256, l.interface, l.if_index, l.vlan,
             CASE WHEN l.eth_dst IS NULL THEN '' ELSE min(l.eth_src, l.eth_dst) END,
             CASE WHEN l.eth_src IS NULL THEN '' ELSE max(l.eth_src, l.eth_dst) END) AS place,
         CASE WHEN c.format = 'tcpdump-text' THEN 1 ELSE 0 END AS is_printed
  FROM touched AS t
  CROSS JOIN (
    SELECT a.conversation_key, b.*
    FROM fact_stream AS a
    CROSS JOIN fact_stream AS b ON b.stream_id IN (a.stream_id, a.stream_id + 1)
    ) AS s ON s.conversation_key = t.conversation_key
  CROSS JOIN fact_capture AS c ON c.capture_id = s.capture_id
  LEFT JOIN fact_link AS l ON l.link_id = s.link_id
  WHERE s.src IS NOT NULL
),
spread AS (  -- a key that was seen at several places
  SELECT conversation_key, max(is_printed) AS is_printed
  FROM placed
  GROUP BY conversation_key
  HAVING min(place) <> max(place)
)
SELECT s.sender, p.payload_length, p.tcp_flags, q.txid, q.is_response, i.type, i.code,
       CASE WHEN t.is_printed = 0 THEN p.ip_id END AS ip_id,
       CASE WHEN t.is_printed = 0 THEN p.content END AS content,
       CASE WHEN t.is_printed = 0 THEN f.offset END AS fragment_offset,
       p.ts, s.place, p.packet_id
FROM spread AS t
CROSS JOIN placed AS s ON s.conversation_key = t.conversation_key
CROSS JOIN fact_packet AS p ON p.stream_id = s.stream_id
LEFT JOIN fact_fragment AS f ON f.packet_id = p.packet_id
LEFT JOIN fact_dns_message AS q ON q.packet_id = p.packet_id
LEFT JOIN fact_icmp_message AS i ON i.packet_id = p.packet_id
WHERE p.ts IS NOT NULL
ORDER BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, p.ts, s.place, p.packet_id;
