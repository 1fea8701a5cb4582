-- title:      What the captures cannot show
-- severity:   info  it qualifies the other findings, and is none itself
-- meaning:    Packets that were lost, cut or never seen qualify every "no answer" below. A row is
--             one shortcoming of one capture, or of all together.
-- parameter:  max_gap_s      integer  s  10   a longer time without any packet is named
-- parameter:  max_one_sided  real     -  0.5  share of one-sided TCP flows above which it is named
-- needs:      SELECT 1 FROM captures LIMIT 1
-- column:     capture      text     -  the capture; NULL for all together
-- column:     capture_id   integer  -  its number
-- column:     shortcoming  text     -  drops, gap, cut packets, cut short, clock steps, faults,
--                                      filter, limit, no date, no zone, paired by order, one-sided
--                                      or unread sources
-- column:     amount       real     -  packets; of a gap seconds; of one-sided the share of flows;
--                                      of unread sources their number
-- column:     packet_id    integer  -  a packet to look at, where one stands for it
-- column:     first_ts     integer  ns  when it begins, where it has a time
-- column:     last_ts      integer  ns  when it ends
-- evidence:   SELECT packet_id FROM faults
--             WHERE capture_id = :capture_id AND packet_id IS NOT NULL
--             AND :shortcoming = 'faults'
--             UNION ALL SELECT packet_id FROM packets WHERE packet_id = :packet_id
-- reference:  pcapng, 4.6 Interface Statistics Block (isb_ifdrop, isb_osdrop)
-- reference:  tcpdump(1), "packets dropped by kernel"
-- benign:     A quiet network has gaps; a snap length that keeps headers cuts packets on purpose.
-- limits:     Drops are known only where the capturing program wrote them down; pcap files never
--             hold them. A capture that lost packets without a trace looks whole.

WITH
shortcomings AS (  -- a capture and what it lacks
  SELECT name AS capture, capture_id, 'drops' AS shortcoming, dropped * 1e0 AS amount,
         CAST(NULL AS BIGINT) AS packet_id, CAST(NULL AS BIGINT) AS first_ts,
         CAST(NULL AS BIGINT) AS last_ts
  FROM captures
  WHERE dropped > 0
  UNION ALL
  SELECT name, capture_id, 'gap', longest_gap_ns / 1e9, longest_gap_packet_id,
         longest_gap_ts, longest_gap_ts + longest_gap_ns
  FROM captures
  WHERE longest_gap_ns > :max_gap_s * 1000000000
  UNION ALL
  SELECT name, capture_id, 'cut packets', cut_packets * 1e0, NULL, NULL, NULL
  FROM captures
  WHERE cut_packets > 0
  UNION ALL
  SELECT name, capture_id, 'cut short', packets * 1e0, NULL, NULL, last_ts
  FROM captures
  WHERE complete = 0
  UNION ALL
  SELECT name, capture_id, 'clock steps', backward_steps * 1e0, NULL, NULL, NULL
  FROM captures
  WHERE backward_steps > 0
  UNION ALL
  SELECT c.name, c.capture_id, 'faults', COUNT(*) * 1e0, NULL, NULL, NULL
  FROM faults AS f
  JOIN captures AS c ON c.capture_id = f.capture_id
  GROUP BY c.name, c.capture_id
  UNION ALL
  SELECT name, capture_id, 'filter', packets * 1e0, NULL, NULL, NULL
  FROM captures
  WHERE filter IS NOT NULL
  UNION ALL
  SELECT name, capture_id, 'limit', packet_limit * 1e0, NULL, NULL, NULL
  FROM captures
  WHERE packet_limit IS NOT NULL
    AND packets >= packet_limit
  UNION ALL
  SELECT name, capture_id, 'no date', packets * 1e0, NULL, NULL, NULL
  FROM captures
  WHERE time_basis <> 'utc'
  UNION ALL
  SELECT c.name, c.capture_id, 'paired by order', COUNT(*) * 1e0, NULL, NULL, NULL
  FROM icmp_messages AS i
  JOIN captures AS c ON c.capture_id = i.capture_id
  WHERE c.format = 'tcpdump-text'
    AND i.original_packet_id IS NOT NULL
    AND i.quoted_ip_id IS NULL
  GROUP BY c.name, c.capture_id
  UNION ALL
  SELECT name, capture_id, 'no zone', packets * 1e0, NULL, NULL, NULL
  FROM captures
  WHERE time_basis = 'utc'
    AND format = 'tcpdump-text'
    AND assumed_time_zone IS NULL
),
sides AS (  -- TCP flows that somebody replied to, and those of which one direction was captured
  SELECT COUNT(*) AS flows,
         SUM(CASE WHEN packets_to_client = 0 OR packets_to_server = 0 THEN 1 ELSE 0 END) AS one_sided
  FROM flows
  WHERE ip_proto = 6
    AND state <> 'S0'
),
unread AS (  -- sources of which nothing could be read
  SELECT COUNT(*) AS sources
  FROM faults
  WHERE capture_id IS NULL
)
SELECT capture, capture_id, shortcoming, amount, packet_id, first_ts, last_ts
FROM shortcomings
UNION ALL
SELECT NULL, NULL, 'one-sided', one_sided * 1e0 / flows, NULL, NULL, NULL
FROM sides
WHERE flows > 0
  AND one_sided > :max_one_sided * flows
UNION ALL
SELECT NULL, NULL, 'unread sources', sources * 1e0, NULL, NULL, NULL
FROM unread
WHERE sources > 0
ORDER BY 2 NULLS LAST, 3;
