-- Takes out the links of errors of the capture :capture_id and to its packets; errors of other
-- captures are linked anew.
DELETE FROM derived_icmp_link
WHERE icmp_packet_id BETWEEN :capture_id << 32 AND (:capture_id + 1 << 32) - 1
   OR original_packet_id BETWEEN :capture_id << 32 AND (:capture_id + 1 << 32) - 1;
