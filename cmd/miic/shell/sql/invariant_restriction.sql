-- The restrictions of the parent snapshot that nobody has any more.
SELECT 1 AS breach
FROM prior_restriction AS p
LEFT JOIN restriction AS r ON r.kind = p.kind AND r.source_id = p.source_id
WHERE r.client_id IS NULL
    -- but for requests of which an operator has decided that they are about nobody
    AND NOT EXISTS (
        SELECT 1 FROM settlement AS s
        WHERE s.request_id = p.source_id
            AND NOT EXISTS (SELECT 1 FROM settlement AS x WHERE x.request_id = s.request_id AND x.decision = 'person')
    )
