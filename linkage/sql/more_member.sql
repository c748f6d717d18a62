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
SELECT j.rid
FROM link_member AS m
JOIN link_index AS i ON i.rid = m.rid
JOIN prior_client_link AS a ON a.record_id = i.record_id
JOIN prior_client_link AS b ON b.client_id = a.client_id
JOIN link_index AS j ON j.record_id = b.record_id
