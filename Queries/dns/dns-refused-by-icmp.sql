-- title:      DNS questions refused by an ICMP error
-- severity:   high  what the client wanted to reach did not load
-- meaning:    Something on the way, or the server itself, told the client that its question cannot
--             be delivered. A row is one question, with who refused it and how.
-- parameter:  min_delay_ms  integer  ms  0  questions refused sooner are left out
-- needs:      SELECT 1 FROM dns_transactions WHERE icmp_packet_id IS NOT NULL LIMIT 1
-- column:     client        text     -   who asked
-- column:     server        text     -   who was asked
-- column:     qname         text     -   the name asked for
-- column:     qtype         text     -   the type asked for
-- column:     txid          integer  -   identifier of the question
-- column:     sender        text     -   who sent the error
-- column:     from_server   integer  -   1 when that is the server's own address
-- column:     icmp_type     integer  -   type of the error
-- column:     icmp_code     integer  -   code of the error
-- column:     error         text     -   the error in words
-- column:     delay_ms      real     ms  from the first query to the error
-- column:     query_packet_id  integer  -  the first query
-- column:     first_ts      integer  ns  the query
-- column:     last_ts       integer  ns  the error
-- evidence:   SELECT :query_packet_id AS packet_id
--             UNION ALL SELECT icmp_packet_id FROM dns_transactions
--             WHERE query_packet_id = :query_packet_id
-- reference:  RFC 792, Destination Unreachable Message
-- reference:  RFC 1812, 5.2.7.1 (codes of routers, administratively prohibited among them)
-- benign:     A client that gave up and closed its port refuses the late answer; such an error
--             quotes the answer, not the question, and is not listed.
-- limits:     Without an error nothing is listed: silence is in dns-unanswered. A printed log may
--             not name the client's port; then the error is taken for the oldest question of the
--             last 5 s, or the latest before.

SELECT t.client, t.server, t.qname, t.qtype, t.txid,
       i.src AS sender,
       CASE WHEN i.src = t.server THEN 1 ELSE 0 END AS from_server,
       i.type AS icmp_type, i.code AS icmp_code, i.name AS error,
       (i.ts - t.ts) / 1e6 AS delay_ms,
       t.query_packet_id, t.ts AS first_ts, i.ts AS last_ts
FROM dns_transactions AS t
JOIN icmp_messages AS i ON i.packet_id = t.icmp_packet_id
WHERE t.icmp_packet_id IS NOT NULL
  AND COALESCE(i.ts - t.ts, 0) >= :min_delay_ms * 1000000
ORDER BY t.query_packet_id;
