-- People who have the records of somebody restricted, and not the restriction.
WITH owed AS (
    -- who has a record of somebody who was surely restricted, but where an operator has decided whom the request is about
    SELECT now.client_id, p.kind, p.source_id
    FROM prior_restriction AS p
    JOIN prior_client_link AS was ON was.client_id = p.client_id
    JOIN client_link AS now ON now.record_id = was.record_id
    WHERE p.basis = 'matched' AND p.source_id NOT IN (SELECT request_id FROM settlement)
    UNION
    -- who has the record whose flag restricted
    SELECT l.client_id, p.kind, p.source_id
    FROM prior_restriction AS p JOIN client_link AS l ON l.record_id = p.source_id
    WHERE p.basis = 'record' AND p.source_id NOT IN (SELECT request_id FROM settlement WHERE decision = 'lifted')
    UNION
    -- who has a record of the person whom an operator has named
    SELECT l.client_id, p.kind, p.source_id
    FROM prior_restriction AS p
    JOIN settlement AS d ON d.request_id = p.source_id AND d.decision = 'person'
    JOIN client_link AS l ON l.record_id = d.record_id
)
SELECT o.client_id
FROM owed AS o
LEFT JOIN restriction AS r ON r.client_id = o.client_id AND r.kind = o.kind AND r.source_id = o.source_id
WHERE r.client_id IS NULL
