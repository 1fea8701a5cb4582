-- What no ingest writes among the numbers of the capture :capture, which was copied; no row when all is
-- as it should be. Its streams count from :first_stream on and its links from :first_link, at most two
-- for each packet.
SELECT 'a size or a count of it is none'
FROM fact_capture
WHERE capture_id = :capture
  AND (size NOT BETWEEN 0 AND 1 << 53 OR packets NOT BETWEEN 0 AND 4294967295)
UNION ALL
SELECT 'the numbers of its streams or links go beyond its packets'
FROM fact_capture AS c
WHERE c.capture_id = :capture
  AND (
    (SELECT max(stream_id) FROM fact_stream) > :first_stream + 2 * c.packets + 1
    OR (SELECT max(link_id) FROM fact_link) > :first_link + 2 * c.packets + 1)
UNION ALL
SELECT 'a stream of it counts what is no count, or has a link of another capture'
FROM fact_stream AS s
WHERE s.stream_id >= :first_stream
  AND (
    s.packets NOT BETWEEN 0 AND 4294967295
    OR s.bytes NOT BETWEEN 0 AND 1 << 53
    OR s.payload_bytes NOT BETWEEN 0 AND 1 << 53
    OR s.link_id < :first_link
    OR NOT EXISTS (
      SELECT 1 FROM fact_link AS l
      WHERE l.link_id = COALESCE(s.link_id, l.link_id) AND l.capture_id = :capture))
UNION ALL
SELECT 'what wraps its packets is of a link of another capture'
FROM fact_encapsulation AS e
WHERE e.capture_id = :capture
  AND NOT EXISTS (
    SELECT 1 FROM fact_link AS l WHERE l.link_id = e.link_id AND l.capture_id = :capture)
LIMIT 1;
