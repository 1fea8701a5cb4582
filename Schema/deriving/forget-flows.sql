-- Takes out the flows of touched streams, which are put together anew.
DELETE FROM derived_flow
WHERE flow_id IN (SELECT stream_id >> 1 FROM touched_stream);

DELETE FROM derived_flow_member
WHERE conversation_id IN (SELECT stream_id >> 1 FROM touched_stream);
