-- Indexes, made after the rows of a new case; each for the query that is named beside it.

-- The packets of a flow, of an address (through its streams), and those an ICMP error may quote.
CREATE INDEX fact_packet_by_stream ON fact_packet (stream_id);

-- WHERE src = …, WHERE dst = … and both on packets, dns_messages and dns_transactions; whether a
-- capture holds anything that was sent to a client.
CREATE INDEX fact_stream_by_ends ON fact_stream (src, dst);
CREATE INDEX fact_stream_by_dst ON fact_stream (dst);

-- The conversations that several captures share, and the one that an ICMP error quotes.
CREATE INDEX fact_stream_by_key ON fact_stream (conversation_key)
WHERE conversation_key IS NOT NULL;

-- The questions of a client and to a server, through their streams.
CREATE INDEX derived_dns_transaction_by_stream ON derived_dns_transaction (stream_id);

-- The faults of a packet and of a capture.
CREATE INDEX fact_fault_by_capture ON fact_fault (capture_id, packet_id);

-- The conversations of a flow.
CREATE INDEX derived_flow_member_by_flow ON derived_flow_member (flow_id);
