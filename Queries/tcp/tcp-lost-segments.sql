-- title:      TCP segments that were not captured
-- severity:   low  it may be the capture's loss alone, and qualifies what else is found
-- meaning:    Sequence numbers jump: what lies between was never seen. Where it comes later, the network
--             lost or delayed it; where it never does, and the connection goes on, the receiver has it
--             and the capture lost it. A row is one capture, sender and receiver.
-- parameter:  min_gaps  integer  gaps  3  rows with fewer are left out
-- needs:      SELECT 1 FROM captures WHERE tcp_analysed > 0 LIMIT 1
-- column:     capture      text     -            the capture
-- column:     capture_id   integer  -            its number
-- column:     sender       text     -            whose segments are missing
-- column:     receiver     text     -            who they were sent to
-- column:     gaps         integer  gaps         places where sequence numbers jump
-- column:     came_later   integer  segments     sent again or overtaken, after the first gap of the same
--                                                direction of a connection
-- column:     connections  integer  connections  in which that happened
-- column:     first_ts     integer  ns           the first gap
-- column:     last_ts      integer  ns           the last gap
-- evidence:   SELECT packet_id FROM tcp_events
--             WHERE event = 'lost_segment' AND duplicate_of IS NULL AND capture_id = :capture_id
--             AND src = :sender AND dst = :receiver AND ts >= :first_ts AND ts <= :last_ts
-- reference:  Wireshark User's Guide, 7.5 TCP Analysis (tcp.analysis.lost_segment)
-- benign:     A mirrored port that is busier than its link drops packets, as does a slow disk; a
--             balanced link shows one half of them. A filter that takes some segments leaves gaps.
-- limits:     One jump may stand for one segment or for thousands. Where another capture saw a packet
--             first, only a jump that it saw as well is counted. What came later is counted, not
--             matched with the gaps. Connections of which nothing was seen leave no gap.

WITH
gaps AS (  -- a direction of a connection with such places
  SELECT capture_id, stream_id, MIN(packet_id) AS first_id, COUNT(*) AS places,
         MIN(ts) AS since_ts, MAX(ts) AS until_ts
  FROM tcp_events
  WHERE event = 'lost_segment'
    AND duplicate_of IS NULL
    AND ts IS NOT NULL
    AND src IS NOT NULL
  GROUP BY capture_id, stream_id
),
later AS (  -- what came later there
  SELECT g.stream_id, COUNT(*) AS segments
  FROM gaps AS g
  JOIN tcp_events AS e ON e.stream_id = g.stream_id AND e.packet_id > g.first_id
  WHERE e.event IN ('retransmission', 'out_of_order')
    AND e.duplicate_of IS NULL
    AND e.payload_length > 0
  GROUP BY g.stream_id
),
ends AS (  -- whose direction it is
  SELECT DISTINCT stream_id, flow_id, src, dst
  FROM tcp_events
  WHERE event = 'lost_segment'
)
SELECT c.name AS capture, g.capture_id, e.src AS sender, e.dst AS receiver, SUM(g.places) AS gaps,
       SUM(COALESCE(l.segments, 0)) AS came_later, COUNT(DISTINCT e.flow_id) AS connections,
       MIN(g.since_ts) AS first_ts, MAX(g.until_ts) AS last_ts
FROM gaps AS g
JOIN ends AS e ON e.stream_id = g.stream_id
JOIN captures AS c ON c.capture_id = g.capture_id
LEFT JOIN later AS l ON l.stream_id = g.stream_id
GROUP BY c.name, g.capture_id, e.src, e.dst
HAVING SUM(g.places) >= :min_gaps
ORDER BY gaps DESC, first_ts, g.capture_id, e.src, e.dst;
