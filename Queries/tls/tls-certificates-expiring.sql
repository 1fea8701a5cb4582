-- title:      Certificates that are no longer, not yet or not for long valid
-- severity:   medium  clients that check it refuse the server, or soon will
-- meaning:    A server showed a certificate that had expired when it was captured, expires within some
--             days of it, or was not valid yet. A row is one certificate of one server and port.
-- parameter:  days  integer  days  30  that are left at the most when it was last seen
-- needs:      SELECT 1 FROM tls_certificates WHERE clock = 0 AND not_after IS NOT NULL LIMIT 1
-- column:     server             text     -            who showed it
-- column:     port               integer  -            its port
-- column:     state              text     -            expired, not yet valid or expiring
-- column:     subject            text     -            who it is for
-- column:     alternative_names  text     -            the host names and addresses that it is for
-- column:     issuer             text     -            who signed it
-- column:     is_self_issued     integer  -            1 where both are the same name
-- column:     not_before_time    text     -            valid from
-- column:     not_after_time     text     -            valid until
-- column:     days_left          real     days         from its last sighting to its end; below 0 where
--                                                      that is over
-- column:     sightings          integer  connections  in which it was shown
-- column:     clients            integer  clients      distinct addresses that it was shown to
-- column:     client             text     -            the first of them, by address
-- column:     sha256             text     -            of the certificate
-- column:     clock              integer  -            0: certificates are compared with UTC alone
-- column:     first_ts           integer  ns           its first sighting
-- column:     last_ts            integer  ns           its last
-- evidence:   SELECT packet_id FROM tls_certificates
--             WHERE src = :server AND src_port = :port AND sha256 = :sha256 AND clock = :clock
--             AND duplicate_of IS NULL
-- reference:  RFC 5280, 4.1.2.5 (validity)
-- reference:  RFC 5246, 7.4.2 (server certificate)
-- benign:     Devices and test servers often show certificates that nobody renews, self-issued ones
--             above all, and their clients are told not to check. Some servers renew days before the end.
-- limits:     The time is that of the capturing host, which may be wrong. Since TLS 1.3 certificates are
--             encrypted, and in a resumed session none is sent. Only the server's own certificate is
--             looked at, not those that signed it.

WITH
shown AS (  -- a server's certificate, and when it was seen
  SELECT src, src_port, sha256, subject, alternative_names, issuer, is_self_issued, not_before,
         not_after, not_before_time, not_after_time, clock, COUNT(*) AS sightings,
         COUNT(DISTINCT dst) AS clients, MIN(dst) AS client, MIN(ts) AS first_ts, MAX(ts) AS last_ts
  FROM tls_certificates
  WHERE clock = 0
    AND not_after IS NOT NULL
    AND COALESCE(is_server, 1) = 1
    AND duplicate_of IS NULL
  GROUP BY src, src_port, sha256, subject, alternative_names, issuer, is_self_issued, not_before,
           not_after, not_before_time, not_after_time, clock
)
SELECT src AS server, src_port AS port,
       CASE WHEN not_after < last_ts THEN 'expired'
            WHEN not_before > first_ts THEN 'not yet valid'
            ELSE 'expiring' END AS state,
       subject, alternative_names, issuer, is_self_issued, not_before_time, not_after_time,
       not_after / 86400e9 - last_ts / 86400e9 AS days_left, sightings, clients, client, sha256, clock,
       first_ts, last_ts
FROM shown
WHERE not_after / 86400e9 - last_ts / 86400e9 < :days
   OR not_before > first_ts
ORDER BY not_after, src, src_port, sha256;
