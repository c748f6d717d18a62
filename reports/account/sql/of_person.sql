-- What was disclosed about a person, under the ids that it has or had, and before it was parted from another.
WITH RECURSIVE had AS (
    SELECT CAST($client AS BIGINT) AS client_id
    UNION
    SELECT c.client_id FROM client_change AS c JOIN had AS h ON c.other_id = h.client_id WHERE c.change = 'merged'
), parted AS (
    SELECT c.other_id AS client_id, c.snapshot
    FROM client_change AS c JOIN had AS h ON c.client_id = h.client_id
    WHERE c.change = 'split'
)
SELECT d.snapshot, d.output, d.client_id, d.recipient, d.recipient_kind, d.legal_basis, d.purpose
FROM disclosure AS d
WHERE d.client_id IN (SELECT client_id FROM had)
    OR EXISTS (SELECT 1 FROM parted AS p WHERE p.client_id = d.client_id AND d.snapshot < p.snapshot)
ORDER BY d.snapshot, d.output, d.client_id
