-- The records to cluster again, with those that links or persons tie to them.
SELECT rid FROM link_member
UNION
SELECT p.r FROM live_pair AS p JOIN link_member AS m ON m.rid = p.l WHERE p.decision = 'link'
UNION
SELECT p.l FROM live_pair AS p JOIN link_member AS m ON m.rid = p.r WHERE p.decision = 'link'
UNION
SELECT e.r FROM tonight_pair AS e JOIN link_member AS m ON m.rid = e.l WHERE e.joins
UNION
SELECT e.l FROM tonight_pair AS e JOIN link_member AS m ON m.rid = e.r WHERE e.joins
UNION
-- who may be one person by all that their records report, tonight and since an earlier night
SELECT e.r FROM tonight_pair AS e JOIN link_member AS m ON m.rid = e.l WHERE e.match_weight >= $keep
UNION
SELECT e.l FROM tonight_pair AS e JOIN link_member AS m ON m.rid = e.r WHERE e.match_weight >= $keep
UNION
SELECT q.r FROM open_pair AS q JOIN link_member AS m ON m.rid = q.l
UNION
SELECT q.l FROM open_pair AS q JOIN link_member AS m ON m.rid = q.r
UNION
SELECT rid FROM link_index
WHERE client_id IN (SELECT i.client_id FROM link_member AS m JOIN link_index AS i ON i.rid = m.rid)
