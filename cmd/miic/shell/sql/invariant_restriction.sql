-- The restrictions of the parent snapshot that nobody has any more.
SELECT 1 AS breach
FROM prior_restriction AS p
LEFT JOIN restriction AS r ON r.kind = p.kind AND r.source_id = p.source_id
WHERE r.client_id IS NULL
