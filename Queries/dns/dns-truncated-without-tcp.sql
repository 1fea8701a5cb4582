-- title:      Truncated DNS answers that were not followed up
-- severity:   medium  names with long answers do not resolve for the client
-- meaning:    A server said that its answer did not fit into a datagram; the client should have
--             asked again over TCP, and got nothing there, or never tried. Often a firewall lets
--             port 53 pass for UDP alone. A row is one client and server.
-- parameter:  window_ms      integer  ms       5000  how long a client has to ask again
-- parameter:  min_truncated  integer  answers  1     rows with fewer are left out
-- needs:      SELECT 1 FROM dns_messages
--             WHERE tc = 1 AND is_response = 1 AND transport = 'udp' LIMIT 1
-- column:     client     text     -        who asked
-- column:     server     text     -        who answered
-- column:     truncated  integer  answers  truncated, and neither asked again over TCP nor answered
--                                          whole over UDP
-- column:     tried      integer  answers  of these, after which TCP was tried without success
-- column:     names      integer  names    distinct names asked for
-- column:     name       text     -        the first of them, in the order of letters
-- column:     clock      integer  -        0 for UTC, else the capture whose clock it is
-- column:     first_ts   integer  ns       the first such answer
-- column:     last_ts    integer  ns       the last
-- evidence:   SELECT m.packet_id FROM dns_messages AS m
--             WHERE m.src = :server AND m.dst = :client AND m.clock = :clock AND m.is_response = 1
--             AND m.tc = 1 AND m.transport = 'udp' AND m.duplicate_of IS NULL
--             AND m.ts >= :first_ts AND m.ts <= :last_ts
--             AND m.packet_id NOT IN (
--               SELECT x.packet_id FROM (SELECT DISTINCT packet_id, qname, qtype, ts
--                 FROM dns_messages WHERE src = :server AND dst = :client AND tc = 1) AS x
--               JOIN (SELECT DISTINCT qname, qtype, ts FROM dns_messages
--                 WHERE src = :server AND dst = :client AND clock = :clock
--                 AND is_response = 1 AND tc = 0 AND transport = 'udp') AS w
--               ON w.qname = x.qname AND w.qtype = x.qtype
--               WHERE w.ts >= x.ts AND w.ts <= x.ts + :window_ms * 1000000)
--             AND m.packet_id NOT IN (
--               SELECT x.packet_id FROM (SELECT DISTINCT first_ts, last_ts FROM flows
--                 WHERE client = :client AND server = :server AND clock = :clock
--                 AND ip_proto = 6 AND server_port = 53 AND state NOT IN ('S0', 'REJ')) AS f
--               JOIN (SELECT DISTINCT packet_id, ts
--                 FROM dns_messages WHERE src = :server AND dst = :client AND tc = 1) AS x
--               ON f.last_ts >= x.ts AND f.first_ts <= x.ts + :window_ms * 1000000)
-- reference:  RFC 7766, 5 (DNS over TCP is mandatory) and 6.2.2 (persistent connections)
-- reference:  RFC 2181, 9 (what the TC bit asks for)
-- benign:     A client that can do with what came, or with another server's answer; a test that
--             asks for truncated answers.
-- limits:     Nothing is listed in a case without any TCP, since a filter may have left it out, and
--             nothing at the end of a capture. A TCP connection between the two to port 53 counts
--             for every answer at its time, whatever was asked in it.

WITH
truncated AS (  -- a truncated answer to a question, behind which the capture goes on for long enough
  SELECT m.packet_id, m.ts, t.client, t.server, t.clock, t.qname, t.qtype
  FROM dns_messages AS m
  JOIN dns_transactions AS t ON t.response_packet_id = m.packet_id
  JOIN captures AS c ON c.capture_id = m.capture_id
  WHERE m.tc = 1
    AND m.transport = 'udp'
    AND m.ts + :window_ms * 1000000 <= c.last_ts
),
untruncated AS (  -- a whole answer of such a server; DISTINCT has all of them found first
  SELECT DISTINCT src, dst, clock, qname, qtype, ts
  FROM dns_messages
  WHERE src IN (SELECT server FROM truncated)
    AND is_response = 1
    AND tc = 0
    AND transport = 'udp'
),
whole AS (  -- one of these after which the same was answered whole
  SELECT x.packet_id
  FROM truncated AS x
  JOIN untruncated AS m
    ON m.src = x.server AND m.dst = x.client AND m.clock = x.clock
    AND m.qname = x.qname AND m.qtype = x.qtype
  WHERE m.ts >= x.ts
    AND m.ts <= x.ts + :window_ms * 1000000
),
tcp_flows AS (  -- a TCP connection to port 53, or an attempt
  SELECT DISTINCT client, server, clock, state, first_ts, last_ts
  FROM flows
  WHERE ip_proto = 6
    AND server_port = 53
),
connections AS (  -- one of these with a TCP connection of its time, and a 1 when it came about
  SELECT x.packet_id, CASE WHEN f.state IN ('S0', 'REJ') THEN 0 ELSE 1 END AS is_open
  FROM truncated AS x
  JOIN tcp_flows AS f ON f.client = x.client AND f.server = x.server AND f.clock = x.clock
  WHERE f.last_ts >= x.ts
    AND f.first_ts <= x.ts + :window_ms * 1000000
),
tried AS (  -- one of these after which TCP was tried
  SELECT packet_id, MAX(is_open) AS is_open
  FROM connections
  GROUP BY packet_id
)
SELECT x.client, x.server, COUNT(*) AS truncated,
       SUM(CASE WHEN t.packet_id IS NULL THEN 0 ELSE 1 END) AS tried,
       COUNT(DISTINCT x.qname) AS names, MIN(x.qname) AS name, x.clock,
       MIN(x.ts) AS first_ts, MAX(x.ts) AS last_ts
FROM truncated AS x
LEFT JOIN tried AS t ON t.packet_id = x.packet_id
WHERE COALESCE(t.is_open, 0) = 0
  AND x.packet_id NOT IN (SELECT packet_id FROM whole)
  AND EXISTS (SELECT 1 FROM flows WHERE ip_proto = 6)
GROUP BY x.clock, x.client, x.server
HAVING COUNT(*) >= :min_truncated
ORDER BY truncated DESC, x.client, x.server, x.clock;
