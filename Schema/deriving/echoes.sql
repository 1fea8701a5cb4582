-- Conversations of which every packet was seen before, in `echo`: each goes on with the flow of the one
-- that shows the first of them first.
INSERT INTO derived_flow_member (conversation_id, flow_id)
SELECT e.conversation_id, COALESCE(m.flow_id, e.shown_by)
FROM echo AS e
LEFT JOIN derived_flow_member AS m ON m.conversation_id = e.shown_by;

DELETE FROM echo;
