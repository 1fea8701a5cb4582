-- title:      A client that tries many ports of a server
-- severity:   medium  somebody looks for services that can be attacked
-- meaning:    One client tried port after port of one server, and most did not answer or refused: a
--             scan. A row is one such run: first attempts that follow each other within gap_s.
-- parameter:  min_ports  integer  ports  15   a scan tries at least that many
-- parameter:  min_share  real     -      0.5  of them without an answer, or refused
-- parameter:  gap_s      integer  s      60   the longest time from one port to the next
-- needs:      SELECT 1 FROM flows WHERE server_port IS NOT NULL AND first_ts IS NOT NULL LIMIT 1
-- column:     client       text     -        who tried
-- column:     server       text     -        whose ports
-- column:     ip_proto     integer  -        IANA protocol number: 6 TCP, 17 UDP
-- column:     ports        integer  ports    tried for the first time
-- column:     refused      integer  ports    of these, refused by a reset or an ICMP error
-- column:     silent       integer  ports    of these, without an answer
-- column:     open         integer  ports    of these, with an answer
-- column:     open_port    integer  -        the lowest of those; NULL for none
-- column:     lowest_port  integer  -        of all
-- column:     highest_port integer  -        of all
-- column:     per_second   real     ports    from the first to the last; NULL for one time
-- column:     clock        integer  -        0 for UTC, else the capture whose clock it is
-- column:     first_ts     integer  ns       the first attempt
-- column:     last_ts      integer  ns       the last attempt
-- evidence:   SELECT p.packet_id FROM packets AS p
--             JOIN flows AS f ON f.flow_id = p.flow_id
--             WHERE p.src = :client AND p.dst = :server AND p.ip_proto = :ip_proto
--             AND p.packet_id = f.first_packet_id AND f.clock = :clock
--             AND f.first_ts >= :first_ts AND f.first_ts <= :last_ts
--             UNION ALL SELECT p.packet_id FROM packets AS p
--             JOIN flows AS f ON f.flow_id = p.flow_id
--             WHERE p.src = :server AND p.dst = :client AND p.ip_proto = :ip_proto
--             AND f.state = 'REJ' AND p.duplicate_of IS NULL AND f.clock = :clock
--             AND f.first_ts >= :first_ts AND f.first_ts <= :last_ts
--             UNION ALL SELECT packet_id FROM icmp_messages
--             WHERE error IN ('port unreachable', 'prohibited', 'unreachable')
--             AND quoted_src = :client AND quoted_dst = :server AND quoted_ip_proto = :ip_proto
--             AND clock = :clock AND ts >= :first_ts AND ts <= :last_ts + 5000000000
--             AND duplicate_of IS NULL
-- reference:  MITRE ATT&CK T1046 (Network Service Discovery)
-- reference:  RFC 9293, 3.10.7.1 (a closed port answers with a reset)
-- reference:  RFC 1122, 4.1.3.1 (or with ICMP port unreachable)
-- benign:     Scans by the network's own inventory; a client that keeps trying a server whose services
--             are all down.
-- limits:     A scan slower than gap_s, or from many clients, falls apart. Ports that were tried before
--             count where they were tried first. UDP ports 33434 to 33534 are left out: traceroute
--             tries them. TCP that goes on though no answer was captured is left out, and so are scans
--             without a SYN; UDP in a capture of one direction looks silent at every port.

WITH
refusals AS (  -- a client's end and a server's port that an ICMP error refused
  SELECT quoted_src AS client, quoted_src_port AS client_port, quoted_dst AS server,
         quoted_dst_port AS server_port, quoted_ip_proto AS ip_proto, clock
  FROM icmp_messages
  WHERE error IN ('port unreachable', 'prohibited', 'unreachable')
    AND quoted_dst_port IS NOT NULL
  GROUP BY quoted_src, quoted_src_port, quoted_dst, quoted_dst_port, quoted_ip_proto, clock
),
pairs AS (  -- a client to which many ports of a server gave no answer, or refused
  SELECT clock, client, server, ip_proto
  FROM flows
  WHERE ip_proto IN (6, 17)
    AND server_port IS NOT NULL
    AND is_group = 0
    AND (packets_to_client = 0 OR state = 'REJ')
  GROUP BY client, server, ip_proto, clock
  HAVING COUNT(DISTINCT server_port) >= :min_ports * :min_share
),
attempts AS (  -- a flow of theirs, with what became of it
  SELECT f.clock, f.client, f.server, f.ip_proto, f.server_port, f.first_ts,
         CASE WHEN f.state = 'REJ' THEN 'refused'
              WHEN f.packets_to_client > 0 THEN 'open'
              WHEN r.client IS NOT NULL THEN 'refused'
              ELSE 'silent' END AS fate
  FROM pairs AS a
  JOIN flows AS f
    ON f.clock = a.clock AND f.client = a.client AND f.server = a.server
    AND f.ip_proto = a.ip_proto
  LEFT JOIN refusals AS r
    ON r.clock = f.clock AND r.client = f.client AND r.client_port = f.client_port
    AND r.server = f.server AND r.server_port = f.server_port AND r.ip_proto = f.ip_proto
  WHERE f.first_ts IS NOT NULL
    AND (f.ip_proto <> 6 OR f.packets_to_client > 0 OR f.state = 'S0')
    AND (f.ip_proto = 6 OR f.server_port NOT BETWEEN 33434 AND 33534)
),
ports AS (  -- a port, with the first attempt at it and the best that came of any
  SELECT clock, client, server, ip_proto, server_port, MIN(first_ts) AS ts,
         MAX(CASE WHEN fate = 'open' THEN 1 ELSE 0 END) AS is_open,
         MAX(CASE WHEN fate = 'refused' THEN 1 ELSE 0 END) AS is_refused
  FROM attempts
  GROUP BY clock, client, server, ip_proto, server_port
),
spaced AS (  -- a port that begins a run has a 1
  SELECT *,
         CASE WHEN ts - LAG(ts) OVER w <= :gap_s * 1000000000 THEN 0 ELSE 1 END AS begins
  FROM ports
  WINDOW w AS (PARTITION BY clock, client, server, ip_proto ORDER BY ts, server_port)
),
numbered AS (  -- a port, with the number of its run
  SELECT *,
         SUM(begins) OVER (PARTITION BY clock, client, server, ip_proto ORDER BY ts, server_port
           ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS run
  FROM spaced
)
SELECT client, server, ip_proto, COUNT(*) AS ports,
       SUM(CASE WHEN is_open = 0 THEN is_refused ELSE 0 END) AS refused,
       SUM(CASE WHEN is_open = 0 THEN 1 - is_refused ELSE 0 END) AS silent,
       SUM(is_open) AS open, MIN(CASE WHEN is_open = 1 THEN server_port END) AS open_port,
       MIN(server_port) AS lowest_port, MAX(server_port) AS highest_port,
       (COUNT(*) - 1) * 1e9 / NULLIF(MAX(ts) - MIN(ts), 0) AS per_second, clock,
       MIN(ts) AS first_ts, MAX(ts) AS last_ts
FROM numbered
GROUP BY clock, client, server, ip_proto, run
HAVING COUNT(*) >= :min_ports
   AND SUM(1 - is_open) >= :min_share * COUNT(*)
ORDER BY ports DESC, first_ts, client, server, ip_proto, clock;
