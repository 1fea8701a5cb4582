-- Begins the derivations of a part of a case, whose captures stand in the temporary table `part`:
-- takes over what follows from its captures alone, and touches what they share with the others.
-- Names without a schema are those of the part, main those of the case.
INSERT INTO derived_flow
SELECT f.*
FROM main.derived_flow AS f
JOIN fact_stream AS s ON s.stream_id = f.flow_id * 2;

INSERT INTO derived_flow_member
SELECT m.*
FROM main.derived_flow_member AS m
JOIN fact_stream AS s ON s.stream_id = m.conversation_id * 2;

INSERT INTO derived_icmp_link
SELECT k.*
FROM main.derived_icmp_link AS k
WHERE k.icmp_packet_id >> 32 IN (SELECT capture_id FROM part)
  AND k.original_packet_id >> 32 IN (SELECT capture_id FROM part);

INSERT INTO derived_duplicate
SELECT d.*
FROM main.derived_duplicate AS d
WHERE d.packet_id >> 32 IN (SELECT capture_id FROM part)
  AND d.first_packet_id >> 32 IN (SELECT capture_id FROM part);

INSERT INTO derived_dns_transaction
SELECT t.*
FROM main.derived_dns_transaction AS t
WHERE t.query_packet_id >> 32 IN (SELECT capture_id FROM part);

INSERT INTO derived_dns_retry
SELECT r.*
FROM main.derived_dns_retry AS r
WHERE r.packet_id >> 32 IN (SELECT capture_id FROM part)
  AND r.query_packet_id >> 32 IN (SELECT capture_id FROM part);

-- Conversations that a capture of the part shares with one that is left out.
INSERT OR IGNORE INTO touched (conversation_key)
SELECT conversation_key
FROM (
  SELECT conversation_key,
         CASE WHEN capture_id IN (SELECT capture_id FROM part) THEN 1 ELSE 0 END AS is_in
  FROM main.fact_stream
  WHERE conversation_key IS NOT NULL)
GROUP BY conversation_key
HAVING min(is_in) <> max(is_in);

-- Questions that an error in a capture that is left out refused.
INSERT OR IGNORE INTO touched (conversation_key)
SELECT a.conversation_key
FROM main.derived_icmp_link AS k
JOIN fact_packet AS o ON o.packet_id = k.original_packet_id
JOIN fact_stream AS a ON a.stream_id = o.stream_id - o.stream_id % 2
WHERE k.icmp_packet_id >> 32 NOT IN (SELECT capture_id FROM part)
  AND a.conversation_key IS NOT NULL;
