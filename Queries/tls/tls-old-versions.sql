-- title:      Connections that use an old version of TLS
-- severity:   low  what it protects can be read or changed by whoever is in between, with some effort
-- meaning:    A server chose SSL, TLS 1.0 or TLS 1.1, which are known to be weak and must not be used
--             any more. A row is one server, port and version.
-- parameter:  min_handshakes  integer  handshakes  1  rows with fewer are left out
-- needs:      SELECT 1 FROM tls_handshakes WHERE is_server = 1 LIMIT 1
-- column:     server         text     -            who chose it
-- column:     port           integer  -            its port
-- column:     version        text     -            what it chose
-- column:     handshakes     integer  handshakes   in which it did
-- column:     newer          integer  handshakes   in which the same server and port chose a newer one: then
--                                                  it is the clients that are old
-- column:     cipher_suites  integer  suites       distinct ones that it chose with that version
-- column:     cipher_suite   text     -            the first of them, by name
-- column:     clients        integer  clients      distinct addresses that it chose it for
-- column:     client         text     -            the first of them, by address
-- column:     clock          integer  -            0 for UTC, else the capture whose clock it is
-- column:     first_ts       integer  ns           the first such hello
-- column:     last_ts        integer  ns           the last such hello
-- evidence:   SELECT packet_id FROM tls_handshakes
--             WHERE src = :server AND src_port = :port AND version = :version AND clock = :clock
--             AND is_server = 1 AND duplicate_of IS NULL
-- reference:  RFC 8996 (TLS 1.0 and 1.1), RFC 7568 (SSL 3.0), RFC 6176 (SSL 2.0)
-- benign:     Old devices know nothing newer; a scanner offers old versions on purpose, to see who
--             takes them.
-- limits:     Tells what was chosen, not what the server would have chosen for another client, and
--             nothing of handshakes that failed.

WITH
chosen AS (  -- a server's hello, with a 1 when what it chose is old
  SELECT clock, src, src_port, dst, ts, version, cipher_suite,
         CASE WHEN version IN ('SSL 2.0', 'SSL 3.0', 'TLS 1.0', 'TLS 1.1') THEN 1 ELSE 0 END AS is_old
  FROM tls_handshakes
  WHERE is_server = 1
    AND duplicate_of IS NULL
),
newer AS (  -- a server's port, and how often it chose what is not
  SELECT clock, src, src_port, COUNT(*) AS times
  FROM chosen
  WHERE is_old = 0
  GROUP BY clock, src, src_port
)
SELECT c.src AS server, c.src_port AS port, c.version, COUNT(*) AS handshakes,
       COALESCE(n.times, 0) AS newer, COUNT(DISTINCT c.cipher_suite) AS cipher_suites,
       MIN(c.cipher_suite) AS cipher_suite, COUNT(DISTINCT c.dst) AS clients, MIN(c.dst) AS client,
       c.clock, MIN(c.ts) AS first_ts, MAX(c.ts) AS last_ts
FROM chosen AS c
LEFT JOIN newer AS n ON n.clock = c.clock AND n.src = c.src AND n.src_port = c.src_port
WHERE c.is_old = 1
GROUP BY c.clock, c.src, c.src_port, c.version, n.times
HAVING COUNT(*) >= :min_handshakes
ORDER BY handshakes DESC, c.src, c.src_port, c.version, c.clock;
