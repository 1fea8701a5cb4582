-- Takes out the links of errors whose packet may have come with the streams from :first_new on, and
-- of those that do not print what they quote whole: they are linked anew.
DELETE FROM derived_icmp_link
WHERE icmp_packet_id IN (
  SELECT i.packet_id
  FROM fact_icmp_message AS i
  WHERE i.quoted_key IS NULL
    OR EXISTS (
      SELECT 1 FROM fact_stream AS s
      WHERE s.conversation_key = i.quoted_key AND s.stream_id >= :first_new));
