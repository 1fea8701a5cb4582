-- title:      Packets that go in circles
-- severity:   high  nothing arrives at the destination, and the links in the loop fill up
-- meaning:    The same packet passed the same link again and again, each time with a smaller time to
--             live, until a router threw it away: routers send it to each other. A row is one
--             destination whose packets circle.
-- parameter:  min_passes  integer  passes  3     of one packet over one link, in either direction
-- parameter:  max_lap_ms  integer  ms      1000  the longest time from one pass to the next
-- needs:      SELECT 1 FROM icmp_messages
--             WHERE error = 'ttl exceeded' AND original_packet_id IS NOT NULL AND ts IS NOT NULL
--             LIMIT 1
-- column:     destination  text     -        where the packets were sent to
-- column:     circling     integer  packets  that passed a link min_passes times or more
-- column:     passes       integer  packets  that were seen of them, first passes included
-- column:     clients      integer  clients  distinct addresses that sent them
-- column:     client       text     -        the first of them, by address
-- column:     highest_ttl  integer  hops     time to live at the first pass
-- column:     lowest_ttl   integer  hops     time to live at the last pass
-- column:     lap_hops     integer  hops     the smallest step of the time to live between passes
-- column:     clock        integer  -        0 for UTC, else the capture whose clock it is
-- column:     first_ts     integer  ns       the first pass
-- column:     last_ts      integer  ns       the last pass
-- evidence:   SELECT packet_id
--             FROM (
--               SELECT packet_id, COUNT(*) OVER (PARTITION BY stream_id, ip_id, fragment_offset,
--                 payload_length, tcp_seq, content_hash, txid, lap) AS passes
--               FROM (
--                 SELECT *, SUM(begins) OVER (PARTITION BY stream_id, ip_id, fragment_offset,
--                   payload_length, tcp_seq, content_hash, txid ORDER BY ts, packet_id
--                   ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS lap
--                 FROM (
--                   SELECT p.packet_id, p.stream_id, p.ts, p.ip_id, p.fragment_offset,
--                     p.payload_length, p.tcp_seq, p.content_hash, q.txid,
--                     CASE WHEN p.ttl < LAG(p.ttl) OVER w
--                       AND p.ts - LAG(p.ts) OVER w <= :max_lap_ms * 1000000
--                       THEN 0 ELSE 1 END AS begins
--                   FROM packets AS p
--                   LEFT JOIN dns_messages AS q
--                   ON q.packet_id = p.packet_id AND q.position = 0
--                   WHERE p.dst = :destination AND p.clock = :clock AND p.ts IS NOT NULL
--                   AND p.flow_id IN (
--                     SELECT o.flow_id FROM icmp_messages AS i
--                     JOIN packets AS o ON o.packet_id = i.original_packet_id
--                     WHERE i.error = 'ttl exceeded' AND i.quoted_dst = :destination)
--                   WINDOW w AS (PARTITION BY p.stream_id, p.ip_id, p.fragment_offset,
--                     p.payload_length, p.tcp_seq, p.content_hash, q.txid
--                     ORDER BY p.ts, p.packet_id)) AS spaced) AS numbered) AS counted
--             WHERE passes >= :min_passes
--             UNION ALL SELECT packet_id FROM icmp_messages
--             WHERE error = 'ttl exceeded' AND quoted_dst = :destination AND clock = :clock
--             AND duplicate_of IS NULL
-- reference:  RFC 791, 3.2 (time to live)
-- reference:  RFC 8200, 3 (hop limit)
-- reference:  RFC 6864, 4.1 (what the identification tells)
-- benign:     After a link fails, routers disagree for some seconds: a short loop that ends by itself.
-- limits:     Seen only where a capture shows a link of the loop, and a router said that the time to
--             live ran out. Packets without identification (IPv6, and some of IPv4) are told apart by
--             their first octets.

WITH
expired AS (  -- a flow of which a packet's time to live ran out
  SELECT o.flow_id
  FROM icmp_messages AS i
  JOIN packets AS o ON o.packet_id = i.original_packet_id
  WHERE i.error = 'ttl exceeded'
    AND o.flow_id IS NOT NULL
  GROUP BY o.flow_id
),
sent AS (  -- a packet of such a flow, with what tells it from others
  SELECT p.packet_id, p.stream_id, p.src, p.dst, p.clock, p.ts, p.ttl, p.ip_id, p.fragment_offset,
         p.payload_length, p.tcp_seq, p.content_hash, q.txid
  FROM expired AS e
  JOIN flow_streams AS s ON s.flow_id = e.flow_id
  JOIN packets AS p ON p.stream_id = s.stream_id
  LEFT JOIN dns_messages AS q ON q.packet_id = p.packet_id AND q.position = 0
  WHERE p.ts IS NOT NULL
    AND p.ttl IS NOT NULL
),
stepped AS (  -- a packet, with what its time to live lost since it last passed there
  SELECT *,
         CASE WHEN ts - LAG(ts) OVER w <= :max_lap_ms * 1000000 THEN LAG(ttl) OVER w - ttl END
           AS step
  FROM sent
  WINDOW w AS (PARTITION BY stream_id, ip_id, fragment_offset, payload_length, tcp_seq,
    content_hash, txid ORDER BY ts, packet_id)
),
numbered AS (  -- a packet, with the number of its journey: one goes on while it has less to live
  SELECT *,
         SUM(CASE WHEN step > 0 THEN 0 ELSE 1 END) OVER (
           PARTITION BY stream_id, ip_id, fragment_offset, payload_length, tcp_seq, content_hash,
             txid ORDER BY ts, packet_id
           ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS journey
  FROM stepped
),
journeys AS (  -- a packet that passed again and again
  SELECT dst AS destination, src AS client, clock, COUNT(*) AS passes,
         MAX(ttl) AS highest_ttl, MIN(ttl) AS lowest_ttl,
         MIN(CASE WHEN step > 0 THEN step END) AS lap_hops,
         MIN(ts) AS first_ts, MAX(ts) AS last_ts
  FROM numbered
  GROUP BY stream_id, src, dst, clock, ip_id, fragment_offset, payload_length, tcp_seq,
           content_hash, txid, journey
  HAVING COUNT(*) >= :min_passes
)
SELECT destination, COUNT(*) AS circling, SUM(passes) AS passes,
       COUNT(DISTINCT client) AS clients, MIN(client) AS client,
       MAX(highest_ttl) AS highest_ttl, MIN(lowest_ttl) AS lowest_ttl, MIN(lap_hops) AS lap_hops,
       clock, MIN(first_ts) AS first_ts, MAX(last_ts) AS last_ts
FROM journeys
GROUP BY clock, destination
ORDER BY circling DESC, destination, clock;
