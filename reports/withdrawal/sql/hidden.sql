-- The people who may be shown less than they were, with why: by their own flags or by any restriction, settled or possible.
-- Those under ids that they had before records came together count too; and of whoever they were parted from, what was
-- shown before.
WITH RECURSIVE hidden AS (
    SELECT client_id, 'opt_out' AS why FROM client WHERE opted_out
    UNION SELECT client_id, 'lock' FROM client WHERE locked
    UNION SELECT client_id, 'seal' FROM client WHERE sealed
    UNION SELECT client_id, 'no_contact' FROM client WHERE no_contact OR contact = 'none'
    UNION SELECT client_id, kind FROM restriction
), had AS (
    SELECT client_id, why FROM hidden
    UNION
    SELECT c.client_id, h.why FROM client_change AS c JOIN had AS h ON h.client_id = c.other_id WHERE c.change = 'merged'
)
SELECT client_id, why, CAST($tonight AS BIGINT) AS before FROM had
UNION
SELECT c.other_id, h.why, c.snapshot
FROM client_change AS c
JOIN had AS h ON h.client_id = c.client_id
WHERE c.change IN ('split', 'moved')
