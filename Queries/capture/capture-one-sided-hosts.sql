-- title:      Hosts whose own packets the captures lack
-- severity:   info  it qualifies the other findings, and is none itself
-- meaning:    Others exchange data with a host over TCP, and next to nothing that the host sent was
--             captured: the capture sees one direction of its way, and "no answer" from it means
--             nothing. A row is one host.
-- parameter:  min_flows  integer  flows  3    rows with fewer such flows are left out
-- parameter:  min_share  real     -      0.9  of the host's TCP flows, 0 to 1
-- needs:      SELECT 1 FROM flows WHERE ip_proto = 6 LIMIT 1
-- column:     host      text     -      whose packets are not there
-- column:     unheard   integer  flows  of TCP, without a packet from it
-- column:     flows     integer  flows  of TCP that it takes part in
-- column:     share     real     -      unheard of flows, 0 to 1
-- column:     peers     integer  hosts  distinct addresses at the other ends
-- column:     peer      text     -      the first of them, by address
-- column:     clock     integer  -      0 for UTC, else the capture whose clock it is
-- column:     first_ts  integer  ns     the first such flow begins
-- column:     last_ts   integer  ns     the last such flow ends
-- evidence:   SELECT p.packet_id FROM flows AS f
--             JOIN flow_streams AS s ON s.flow_id = f.flow_id
--             JOIN packets AS p ON p.stream_id = s.stream_id AND p.ts = f.first_ts
--             WHERE f.ip_proto = 6 AND f.clock = :clock AND p.duplicate_of IS NULL
--             AND ((f.client = :host AND f.packets_to_server = 0)
--               OR (f.server = :host AND f.packets_to_client = 0
--                 AND (f.state NOT IN ('S0', 'RSTOS0') OR f.packets_to_server > 7)))
-- reference:  RFC 9293, 3.5 (a connection needs packets of both ends)
-- reference:  RFC 2979, 3 (what firewalls drop)
-- benign:     A mirrored port that copies one direction; two ways of which one was captured.
-- limits:     TCP alone tells it, since UDP needs no answer. A host that died while others went on
--             to send looks the same, and so does one that others claim to be: a flood of SYN from
--             forged addresses is answered to hosts that never sent.

WITH
ends AS (  -- an end of a TCP flow, with a 1 when nothing from it was captured though it must have
           -- sent: more than the seven SYN of a connection that nobody accepts were sent to it
  SELECT client AS host, server AS peer, clock, first_ts, last_ts,
         CASE WHEN packets_to_server = 0 THEN 1 ELSE 0 END AS is_unheard
  FROM flows
  WHERE ip_proto = 6
    AND (state NOT IN ('S0', 'RSTOS0') OR packets_to_server > 7)
  UNION ALL
  SELECT server, client, clock, first_ts, last_ts,
         CASE WHEN packets_to_client = 0 THEN 1 ELSE 0 END
  FROM flows
  WHERE ip_proto = 6
    AND (state NOT IN ('S0', 'RSTOS0') OR packets_to_server > 7)
)
SELECT host, SUM(is_unheard) AS unheard, COUNT(*) AS flows,
       SUM(is_unheard) * 1e0 / COUNT(*) AS share,
       COUNT(DISTINCT CASE WHEN is_unheard = 1 THEN peer END) AS peers,
       MIN(CASE WHEN is_unheard = 1 THEN peer END) AS peer, clock,
       MIN(CASE WHEN is_unheard = 1 THEN first_ts END) AS first_ts,
       MAX(CASE WHEN is_unheard = 1 THEN last_ts END) AS last_ts
FROM ends
GROUP BY clock, host
HAVING SUM(is_unheard) >= :min_flows
   AND SUM(is_unheard) >= :min_share * COUNT(*)
ORDER BY unheard DESC, host, clock;
