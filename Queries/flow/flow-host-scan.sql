-- title:      A client that tries many hosts
-- severity:   medium  somebody, or something that spreads, looks for hosts to go on to
-- meaning:    One client tried host after host at one port, or by ping, and most did not answer or
--             refused: a sweep. A row is one such run: first attempts that follow each other within
--             gap_s.
-- parameter:  min_hosts  integer  hosts  15   a sweep tries at least that many
-- parameter:  min_share  real     -      0.5  of them without an answer, or refused
-- parameter:  gap_s      integer  s      60   the longest time from one host to the next
-- needs:      SELECT 1 FROM flows WHERE server IS NOT NULL AND first_ts IS NOT NULL LIMIT 1
-- column:     client      text     -      who tried
-- column:     ip_proto    integer  -      IANA protocol number: 6 TCP, 17 UDP, 1 or 58 for pings
-- column:     port        integer  -      at which port; NULL for pings
-- column:     hosts       integer  hosts  tried for the first time
-- column:     refused     integer  hosts  of these, refused by a reset
-- column:     silent      integer  hosts  of these, without an answer
-- column:     answered    integer  hosts  of these, with an answer
-- column:     host        text     -      the first of those that answered; NULL for none
-- column:     per_second  real     hosts  from the first to the last; NULL for one time
-- column:     clock       integer  -      0 for UTC, else the capture whose clock it is
-- column:     first_ts    integer  ns     the first attempt
-- column:     last_ts     integer  ns     the last attempt
-- evidence:   SELECT p.packet_id FROM packets AS p
--             JOIN flows AS f ON f.flow_id = p.flow_id
--             WHERE p.src = :client AND p.dst_port = :port AND p.ip_proto = :ip_proto
--             AND p.packet_id = f.first_packet_id AND f.clock = :clock
--             AND f.first_ts >= :first_ts AND f.first_ts <= :last_ts AND f.is_group = 0
--             UNION ALL SELECT p.packet_id FROM packets AS p
--             JOIN flows AS f ON f.flow_id = p.flow_id
--             WHERE p.dst = :client AND p.src_port = :port AND p.ip_proto = :ip_proto
--             AND f.state = 'REJ' AND p.duplicate_of IS NULL AND f.clock = :clock
--             AND f.first_ts >= :first_ts AND f.first_ts <= :last_ts
--             UNION ALL SELECT packet_id FROM icmp_messages
--             WHERE src = :client AND type IN (8, 128) AND :port IS NULL
--             AND CASE version WHEN 4 THEN 1 ELSE 58 END = :ip_proto
--             AND clock = :clock AND ts >= :first_ts AND ts <= :last_ts
--             AND is_group = 0 AND duplicate_of IS NULL
-- reference:  MITRE ATT&CK T1018 (Remote System Discovery)
-- reference:  MITRE ATT&CK T1046 (Network Service Discovery)
-- benign:     Scans by the network's own inventory or monitoring; programs between peers, that try many
--             addresses of which most are gone.
-- limits:     A sweep slower than gap_s, or from many clients, falls apart. A host that was tried before
--             counts where it was tried first. TCP that goes on though no answer was captured is left
--             out; UDP and pings in a capture of one direction look silent at every host. Hosts on the same link are asked for by ARP first: those that do not
--             exist are never sent a packet.

WITH
replies AS (  -- who replied to whose pings
  SELECT dst AS client, src AS server, version, clock
  FROM icmp_messages
  WHERE type IN (0, 129)
    AND identifier IS NOT NULL
  GROUP BY dst, src, version, clock
),
pings AS (  -- a host that a client pinged
  SELECT clock, src AS client, dst AS server, version, MIN(ts) AS ts
  FROM icmp_messages
  WHERE type IN (8, 128)
    AND identifier IS NOT NULL
    AND is_group = 0
    AND duplicate_of IS NULL
    AND ts IS NOT NULL
  GROUP BY clock, src, dst, version
),
suspects AS (  -- a client to which many hosts gave no answer at a port, or refused
  SELECT clock, client, ip_proto, server_port AS port
  FROM flows
  WHERE ip_proto IN (6, 17)
    AND server_port IS NOT NULL
    AND is_group = 0
    AND (packets_to_client = 0 OR state = 'REJ')
  GROUP BY client, server_port, ip_proto, clock
  HAVING COUNT(DISTINCT server) >= :min_hosts * :min_share
),
hosts AS (  -- a host, with the first attempt at it and the best that came of any
  SELECT f.clock, f.client, f.ip_proto, f.server_port AS port, f.server, MIN(f.first_ts) AS ts,
         MAX(CASE WHEN f.packets_to_client > 0 AND f.state <> 'REJ' THEN 1 ELSE 0 END)
           AS is_answered,
         MAX(CASE WHEN f.state = 'REJ' THEN 1 ELSE 0 END) AS is_refused
  FROM suspects AS s
  JOIN flows AS f
    ON f.clock = s.clock AND f.client = s.client AND f.ip_proto = s.ip_proto
    AND f.server_port = s.port
  WHERE f.is_group = 0
    AND f.first_ts IS NOT NULL
    AND (f.ip_proto <> 6 OR f.packets_to_client > 0 OR f.state = 'S0')
  GROUP BY f.clock, f.client, f.ip_proto, f.server_port, f.server
  UNION ALL
  SELECT a.clock, a.client, CASE a.version WHEN 4 THEN 1 ELSE 58 END, NULL, a.server, a.ts,
         CASE WHEN r.client IS NULL THEN 0 ELSE 1 END, 0
  FROM pings AS a
  LEFT JOIN replies AS r
    ON r.clock = a.clock AND r.client = a.client AND r.server = a.server AND r.version = a.version
),
many AS (  -- a client that tried many hosts at a port; -1 for no port
  SELECT clock, client, ip_proto, COALESCE(port, -1) AS port
  FROM hosts
  GROUP BY clock, client, ip_proto, port
  HAVING COUNT(*) >= :min_hosts
     AND SUM(1 - is_answered) >= :min_hosts * :min_share
),
spaced AS (  -- a host that begins a run has a 1
  SELECT h.*,
         CASE WHEN h.ts - LAG(h.ts) OVER w <= :gap_s * 1000000000 THEN 0 ELSE 1 END AS begins
  FROM many AS m
  JOIN hosts AS h
    ON h.clock = m.clock AND h.client = m.client AND h.ip_proto = m.ip_proto
    AND COALESCE(h.port, -1) = m.port
  WINDOW w AS (PARTITION BY h.clock, h.client, h.ip_proto, h.port ORDER BY h.ts, h.server)
),
numbered AS (  -- a host, with the number of its run
  SELECT *,
         SUM(begins) OVER (PARTITION BY clock, client, ip_proto, port ORDER BY ts, server
           ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS run
  FROM spaced
)
SELECT client, ip_proto, port, COUNT(*) AS hosts,
       SUM(CASE WHEN is_answered = 0 THEN is_refused ELSE 0 END) AS refused,
       SUM(CASE WHEN is_answered = 0 THEN 1 - is_refused ELSE 0 END) AS silent,
       SUM(is_answered) AS answered, MIN(CASE WHEN is_answered = 1 THEN server END) AS host,
       (COUNT(*) - 1) * 1e9 / NULLIF(MAX(ts) - MIN(ts), 0) AS per_second, clock,
       MIN(ts) AS first_ts, MAX(ts) AS last_ts
FROM numbered
GROUP BY clock, client, ip_proto, port, run
HAVING COUNT(*) >= :min_hosts
   AND SUM(1 - is_answered) >= :min_share * COUNT(*)
ORDER BY hosts DESC, first_ts, client, ip_proto, port NULLS LAST, clock;
