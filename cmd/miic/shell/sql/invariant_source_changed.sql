-- Of the people whose doses this night has changed, the reported doses of a real one that there is not.
WITH changed AS (
    SELECT client_id FROM changed_immunization
    UNION
    SELECT client_id FROM changed_immunization_source
), dose AS (
    SELECT immunization_id FROM immunization WHERE client_id IN (SELECT client_id FROM changed)
)
SELECT 1 AS breach
FROM immunization_source AS s
LEFT JOIN dose AS d ON d.immunization_id = s.immunization_id
WHERE d.immunization_id IS NULL AND s.client_id IN (SELECT client_id FROM changed)
