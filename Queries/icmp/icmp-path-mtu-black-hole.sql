-- title:      Paths that drop large TCP segments
-- severity:   high  what is larger than the path takes never arrives: transfers hang
-- meaning:    A connection opens, small segments pass, and the first large one is sent again and again:
--             the path takes no packet of that size, and the error that would say so does not reach
--             the sender, or it does not heed it. A row is one sender, receiver and server's port.
-- parameter:  min_again   integer  segments  3     the same segment was sent again so often
-- parameter:  min_octets  integer  octets    1000  a segment of so much payload is large
-- needs:      SELECT 1 FROM captures WHERE tcp_analysed > 0 LIMIT 1
-- column:     sender       text     -            who sends large segments in vain
-- column:     receiver     text     -            who never gets them
-- column:     port         integer  -            the server's port
-- column:     connections  integer  connections  that hang so
-- column:     again        integer  segments     sent again, of the large segments that were sent first
-- column:     octets       integer  octets       of payload, of the smallest of them
-- column:     errors       integer  errors       that say so, about packets from sender to receiver:
--                                                fragmentation needed, or packet too big
-- column:     mtu          integer  octets       the smallest that these allow; NULL: none says
-- column:     clock        integer  -            0 for UTC, else the capture whose clock it is
-- column:     first_ts     integer  ns           the first segment that was sent again
-- column:     last_ts      integer  ns           the last one
-- evidence:   SELECT e.packet_id FROM tcp_events AS e
--             JOIN flows AS f ON f.flow_id = e.flow_id
--             WHERE e.event = 'retransmission' AND e.duplicate_of IS NULL
--             AND e.src = :sender AND e.dst = :receiver AND f.server_port = :port
--             AND e.payload_length >= :octets AND e.clock = :clock
--             AND e.ts >= :first_ts AND e.ts <= :last_ts
--             UNION ALL SELECT packet_id FROM icmp_messages
--             WHERE quoted_src = :sender AND quoted_dst = :receiver AND quoted_ip_proto = 6
--             AND ((version = 4 AND type = 3 AND code = 4) OR (version = 6 AND type = 2))
--             AND clock = :clock AND duplicate_of IS NULL
-- reference:  RFC 1191, RFC 8201 (path MTU discovery), RFC 2923, 2.1 (black holes)
-- reference:  RFC 792 (type 3, code 4), RFC 4443, 3.2 (type 2)
-- reference:  RFC 4821 (discovery that needs no error)
-- benign:     A receiver that vanishes right after the handshake looks the same, once.
-- limits:     Which hop drops them cannot be told. Seen behind that hop, the large segments are missing
--             altogether, and nothing is found. A connection whose earlier large segments passed is
--             left out, so that loss is not taken for this. Captures behind offloading hosts show
--             segments larger than what was sent.

WITH
stuck AS (  -- a large segment that was sent again so often
  SELECT stream_id, flow_id, src, dst, clock, tcp_seq, COUNT(*) AS times,
         MAX(payload_length) AS size, MIN(ts) AS since_ts, MAX(ts) AS until_ts
  FROM tcp_events
  WHERE event = 'retransmission'
    AND duplicate_of IS NULL
    AND ts IS NOT NULL
    AND payload_length >= :min_octets
  GROUP BY stream_id, flow_id, src, dst, clock, tcp_seq
  HAVING COUNT(*) >= :min_again
),
streams AS (  -- the directions of connections that have one
  SELECT DISTINCT stream_id
  FROM stuck
),
large AS (  -- their large segments, in their order
  SELECT p.stream_id, p.tcp_seq,
         ROW_NUMBER() OVER (PARTITION BY p.stream_id ORDER BY p.ts, p.packet_id) AS place
  FROM streams AS s
  JOIN packets AS p ON p.stream_id = s.stream_id
  WHERE p.payload_length >= :min_octets
    AND p.ts IS NOT NULL
),
errors AS (  -- what routers say of such packets
  SELECT clock, quoted_src, quoted_dst, COUNT(*) AS told, MIN(NULLIF(next_hop_mtu, 0)) AS allowed
  FROM icmp_messages
  WHERE ((version = 4 AND type = 3 AND code = 4) OR (version = 6 AND type = 2))
    AND quoted_ip_proto = 6
    AND duplicate_of IS NULL
  GROUP BY clock, quoted_src, quoted_dst
)
SELECT k.src AS sender, k.dst AS receiver, f.server_port AS port,
       COUNT(DISTINCT k.flow_id) AS connections, SUM(k.times) AS again, MIN(k.size) AS octets,
       COALESCE(MIN(x.told), 0) AS errors, MIN(x.allowed) AS mtu, k.clock,
       MIN(k.since_ts) AS first_ts, MAX(k.until_ts) AS last_ts
FROM stuck AS k
JOIN large AS l ON l.stream_id = k.stream_id AND l.tcp_seq = k.tcp_seq AND l.place = 1
JOIN flows AS f ON f.flow_id = k.flow_id
LEFT JOIN errors AS x
  ON x.clock = k.clock AND x.quoted_src = k.src AND x.quoted_dst = k.dst
GROUP BY k.clock, k.src, k.dst, f.server_port
ORDER BY again DESC, first_ts, sender, receiver, port, k.clock;
