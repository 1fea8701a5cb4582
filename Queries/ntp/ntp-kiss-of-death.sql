-- title:      NTP servers that send clients away
-- severity:   medium  the client's clock is no longer set by that server
-- meaning:    A server answered with a code instead of a time: DENY and RSTR, it does not serve
--             this client; RATE, the client asks too often. Its clock drifts unless another server
--             serves it. A row is one client, server and code.
-- parameter:  min_kisses  integer  messages  1  rows with fewer are left out
-- needs:      SELECT 1 FROM ntp_messages WHERE is_response = 1 LIMIT 1
-- column:     client     text     -         who is sent away
-- column:     server     text     -         who does so
-- column:     kiss_code  text     -         DENY, RSTR or RATE
-- column:     kisses     integer  messages  with it
-- column:     requests   integer  messages  of the client to that server, behind the first of them
-- column:     clock      integer  -         0 for UTC, else the capture whose clock it is
-- column:     first_ts   integer  ns        the first
-- column:     last_ts    integer  ns        the last
-- evidence:   SELECT packet_id FROM ntp_messages
--             WHERE src = :server AND dst = :client AND kiss_code = :kiss_code AND clock = :clock
--             AND duplicate_of IS NULL
-- reference:  RFC 5905, 7.4 (the codes, and what a client does about them)
-- benign:     Many clients behind one address, of which a public server sees one that asks too
--             often.
-- limits:     Forged ones look the same, and stop a client that obeys: compare with what the
--             client was sent else.

WITH
kisses AS (  -- a client, a server and a code
  SELECT dst AS client, src AS server, kiss_code, clock, COUNT(*) AS kisses, MIN(ts) AS first_ts,
         MAX(ts) AS last_ts
  FROM ntp_messages
  WHERE kiss_code IN ('DENY', 'RSTR', 'RATE')
    AND duplicate_of IS NULL
  GROUP BY clock, dst, src, kiss_code
),
requests AS (  -- a client's question; DISTINCT has these found first
  SELECT DISTINCT packet_id, src, dst, clock, ts
  FROM ntp_messages
  WHERE mode = 'client'
    AND duplicate_of IS NULL
    AND dst IN (SELECT server FROM kisses)
)
SELECT k.client, k.server, k.kiss_code, k.kisses, COUNT(q.packet_id) AS requests, k.clock,
       k.first_ts, k.last_ts
FROM kisses AS k
LEFT JOIN requests AS q
  ON q.src = k.client AND q.dst = k.server AND q.clock = k.clock AND q.ts > k.first_ts
WHERE k.kisses >= :min_kisses
GROUP BY k.client, k.server, k.kiss_code, k.kisses, k.clock, k.first_ts, k.last_ts
ORDER BY k.kisses DESC, k.client, k.server, k.kiss_code, k.clock;
