-- title:      Clocks of captures that disagree
-- severity:   info  it qualifies the other findings, and is none itself
-- meaning:    Two captures show the same packets at different times: what came first, and how long
--             it took, is not right across them as long as they are not aligned. A row is one pair.
-- parameter:  max_offset_ms  integer  ms       100  pairs that differ by less are left out
-- parameter:  min_packets    integer  packets  3    likewise those that share fewer
-- needs:      SELECT 1 FROM clock_offsets LIMIT 1
-- column:     capture           text     -        the one capture
-- column:     other_capture     text     -        the other
-- column:     capture_id        integer  -        number of the one
-- column:     other_capture_id  integer  -        number of the other
-- column:     offset_ms         real     ms       that the other's clock shows more, what alignment
--                                                 adds taken into account
-- column:     recorded_ms       real     ms       likewise, as the captures were recorded
-- column:     spread_ms         real     ms       between the quartiles of what single packets say
-- column:     shared            integer  packets  that it was estimated from
-- evidence:   SELECT packet_id FROM sightings
--             WHERE event_id = (
--               SELECT MIN(a.event_id) FROM sightings AS a
--               JOIN sightings AS b ON b.event_id = a.event_id
--               WHERE a.packet_id >= :capture_id * 4294967296
--               AND a.packet_id < (:capture_id + 1) * 4294967296
--               AND b.packet_id >= :other_capture_id * 4294967296
--               AND b.packet_id < (:other_capture_id + 1) * 4294967296)
-- reference:  RFC 5905, 3 (how well clocks agree that NTP disciplines)
-- reference:  NIST SP 800-86, 5.2.2 (clocks of network traffic data)
-- benign:     A host without NTP is off by seconds; 'captures --align' makes good for it.
-- limits:     Known of captures alone that share packets, and within what is searched: clocks that
--             are more than a second apart are brought near by hand first. It is a mean over the
--             time: a clock that drifts is wider in spread_ms.

SELECT a.name AS capture, b.name AS other_capture, o.capture_id, o.other_capture_id,
       (o.offset_ns + COALESCE(b.clock_shift_ns, 0) - COALESCE(a.clock_shift_ns, 0)) / 1e6
         AS offset_ms,
       o.offset_ns / 1e6 AS recorded_ms, o.spread_ns / 1e6 AS spread_ms, o.packets AS shared
FROM clock_offsets AS o
JOIN captures AS a ON a.capture_id = o.capture_id
JOIN captures AS b ON b.capture_id = o.other_capture_id
WHERE o.capture_id < o.other_capture_id
  AND o.packets >= :min_packets
  AND ABS(o.offset_ns + COALESCE(b.clock_shift_ns, 0) - COALESCE(a.clock_shift_ns, 0))
    > :max_offset_ms * 1000000
ORDER BY o.capture_id, o.other_capture_id;
