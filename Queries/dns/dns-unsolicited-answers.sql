-- title:      DNS answers that nobody asked for
-- severity:   medium  somebody floods the host, or forges answers to it
-- meaning:    A host gets DNS answers to questions that it never sent: it is the victim of a
--             reflection attack, or of somebody who guesses. A row is one host.
-- parameter:  min_answers  integer  answers  10    rows with fewer are left out
-- parameter:  margin_ms    integer  ms       5000  left out at the beginning of each capture, whose
--                                                  questions may have come before
-- needs:      SELECT 1 FROM dns_messages WHERE is_response = 1 LIMIT 1
-- column:     client       text     -        who got the answers
-- column:     answers      integer  answers  without a question
-- column:     servers      integer  servers  distinct addresses that they came from
-- column:     server       text     -        the first of them, by address
-- column:     ports        integer  ports    distinct ports of the host that they were sent to
-- column:     names        integer  names    distinct names in them
-- column:     name         text     -        the first of them, in the order of letters
-- column:     records      real     records  in one answer, on average: many in what amplifies
-- column:     any_or_txt   real     -        share of answers of type ANY, TXT or DNSKEY, 0 to 1
-- column:     per_second   real     answers  a second, from the first to the last; NULL for one time
-- column:     clock        integer  -        0 for UTC, else the capture whose clock it is
-- column:     first_ts     integer  ns       the first of them
-- column:     last_ts      integer  ns       the last
-- evidence:   SELECT m.packet_id FROM dns_messages AS m
--             JOIN captures AS c ON c.capture_id = m.capture_id
--             LEFT JOIN (SELECT DISTINCT COALESCE(src_port, -1) AS port, transport, txid
--               FROM dns_messages WHERE src = :client AND is_response = 0) AS q
--             ON q.port = COALESCE(m.dst_port, -1) AND q.transport = m.transport
--             AND q.txid = m.txid
--             WHERE q.txid IS NULL AND m.dst = :client AND m.is_response = 1 AND m.duplicate_of IS NULL
--             AND m.clock = :clock AND m.ts >= :first_ts AND m.ts <= :last_ts
--             AND m.ts >= c.first_ts + :margin_ms * 1000000 AND COALESCE(m.src_port, 53) = 53
-- reference:  MITRE ATT&CK T1498.002 (Reflection Amplification)
-- reference:  RFC 5452, 4 (forged answers)
-- reference:  RFC 5358, 3 (reflectors)
-- benign:     A capture that lost packets lacks the questions; see capture-quality.
-- limits:     A host that the captures never show sending anything is left out: they may hold one
--             direction alone. Questions that left by a way that was not captured make all their
--             answers look so. An answer counts as asked for when the host ever sent a question with
--             its identifier from its port, to whomever.

WITH
first_answers AS (  -- the first answer to a question
  SELECT DISTINCT response_packet_id, response_position
  FROM dns_transactions
  WHERE response_packet_id IS NOT NULL
),
surplus AS (  -- an answer that is not the first to a question
  SELECT m.packet_id, m.dst AS client, m.dst_port AS client_port, m.src AS server, m.transport,
         m.txid, m.qname, m.qtype, m.clock, m.ts,
         COALESCE(m.answer_count, 0) + COALESCE(m.authority_count, 0)
           + COALESCE(m.additional_count, 0) AS records
  FROM dns_messages AS m
  JOIN captures AS c ON c.capture_id = m.capture_id
  LEFT JOIN first_answers AS f
    ON f.response_packet_id = m.packet_id AND f.response_position = m.position
  WHERE m.is_response = 1
    AND f.response_packet_id IS NULL
    AND m.duplicate_of IS NULL
    AND m.dst IS NOT NULL
    AND COALESCE(m.src_port, 53) = 53
    AND m.ts >= c.first_ts + :margin_ms * 1000000
),
asked AS (  -- what a host asked with, ever
  SELECT DISTINCT src AS client, COALESCE(src_port, -1) AS client_port, transport, txid
  FROM dns_messages
  WHERE is_response = 0
),
unasked AS (  -- such an answer without any question
  SELECT s.*
  FROM surplus AS s
  LEFT JOIN asked AS a
    ON a.client = s.client AND a.client_port = COALESCE(s.client_port, -1)
    AND a.transport = s.transport AND a.txid = s.txid
  WHERE a.client IS NULL
)
SELECT client, COUNT(*) AS answers, COUNT(DISTINCT server) AS servers, MIN(server) AS server,
       COUNT(DISTINCT client_port) AS ports, COUNT(DISTINCT qname) AS names, MIN(qname) AS name,
       SUM(records) * 1e0 / COUNT(*) AS records,
       SUM(CASE WHEN qtype IN ('ANY', 'TXT', 'DNSKEY') THEN 1 ELSE 0 END) * 1e0 / COUNT(*)
         AS any_or_txt,
       COUNT(*) * 1e9 / NULLIF(MAX(ts) - MIN(ts), 0) AS per_second,
       clock, MIN(ts) AS first_ts, MAX(ts) AS last_ts
FROM unasked
WHERE client IN (
    SELECT client FROM flows WHERE packets_to_server > 0
    UNION ALL
    SELECT server FROM flows WHERE packets_to_client > 0)
GROUP BY clock, client
HAVING COUNT(*) >= :min_answers
ORDER BY answers DESC, client, clock;
