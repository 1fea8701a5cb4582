-- title:      Web servers that answer with errors
-- severity:   medium  users get error pages; others are served
-- meaning:    A server fails at what it is asked for (5xx), or refuses or does not find it (4xx). A row is
--             one server, port and host name.
-- parameter:  min_errors         integer  answers  5    a kind of error with fewer does not count
-- parameter:  min_server_share   real     -        0.01  share of 5xx of the answers, 0 to 1
-- parameter:  min_client_share   real     -        0.2  share of 4xx of the answers, 0 to 1
-- needs:      SELECT 1 FROM http_messages WHERE is_response = 1 LIMIT 1
-- column:     server         text     -        who answered
-- column:     server_port    integer  -        its port
-- column:     host           text     -        asked for; NULL where the request is not known
-- column:     answers        integer  answers  of any status, without interim ones
-- column:     server_errors  integer  answers  with a status of 500 to 599
-- column:     server_share   real     -        of the answers, 0 to 1
-- column:     client_errors  integer  answers  with a status of 400 to 499, but 401 and 407
-- column:     client_share   real     -        of the answers, 0 to 1
-- column:     lowest_status  integer  -        of the errors
-- column:     highest_status integer  -        of the errors
-- column:     clients        integer  clients  distinct addresses that got an error
-- column:     uri            text     -        asked for with an error, the first in the order of letters
-- column:     clock          integer  -        0 for UTC, else the capture whose clock it is
-- column:     first_ts       integer  ns       the first error
-- column:     last_ts        integer  ns       the last
-- evidence:   SELECT packet_id FROM http_messages
--             WHERE is_response = 1 AND src = :server AND src_port = :server_port
--             AND request_host IS NOT DISTINCT FROM :host AND clock = :clock
--             AND status BETWEEN 400 AND 599 AND status NOT IN (401, 407)
--             AND duplicate_of IS NULL
-- reference:  RFC 9110, 15.5 and 15.6 (what the codes mean)
-- benign:     Old links, icons that browsers ask for unasked, and searchers that try names all get 404.
-- limits:     401 and 407 ask for a login and are left out: login-brute-force has those that fail. Answers
--             inside TLS are not seen. An error page with the status 200 is no error here.

WITH
answers AS (  -- an answer, with the kind of error that it is
  SELECT clock, src AS server, src_port AS server_port, request_host AS host, dst AS client, ts,
         status, request_uri AS uri,
         CASE WHEN status BETWEEN 500 AND 599 THEN 1 ELSE 0 END AS is_server_error,
         CASE WHEN status BETWEEN 400 AND 499 AND status NOT IN (401, 407) THEN 1 ELSE 0 END
           AS is_client_error
  FROM http_messages
  WHERE is_response = 1
    AND status >= 200
    AND duplicate_of IS NULL
),
servers AS (  -- a server, port and host
  SELECT clock, server, server_port, host, COUNT(*) AS answers,
         SUM(is_server_error) AS server_errors, SUM(is_client_error) AS client_errors,
         MIN(CASE WHEN is_server_error + is_client_error = 1 THEN status END) AS lowest_status,
         MAX(CASE WHEN is_server_error + is_client_error = 1 THEN status END) AS highest_status,
         COUNT(DISTINCT CASE WHEN is_server_error + is_client_error = 1 THEN client END) AS clients,
         MIN(CASE WHEN is_server_error + is_client_error = 1 THEN uri END) AS uri,
         MIN(CASE WHEN is_server_error + is_client_error = 1 THEN ts END) AS first_ts,
         MAX(CASE WHEN is_server_error + is_client_error = 1 THEN ts END) AS last_ts
  FROM answers
  GROUP BY clock, server, server_port, host
)
SELECT server, server_port, host, answers, server_errors,
       server_errors * 1e0 / answers AS server_share, client_errors,
       client_errors * 1e0 / answers AS client_share, lowest_status, highest_status, clients, uri,
       clock, first_ts, last_ts
FROM servers
WHERE (server_errors >= :min_errors AND server_errors * 1e0 / answers >= :min_server_share)
   OR (client_errors >= :min_errors AND client_errors * 1e0 / answers >= :min_client_share)
ORDER BY server_errors DESC, client_errors DESC, server, server_port, host NULLS LAST, clock;
