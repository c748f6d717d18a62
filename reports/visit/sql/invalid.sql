-- Doses that clinics report to have given in a span of days, by clinic, vaccine group and why they are not valid; and over all clinics.
WITH given AS (
    SELECT client_id, immunization_id, coalesce(provider, '') AS clinic
    FROM immunization
    WHERE NOT historical AND administered_on BETWEEN $since AND $until AND client_id NOT IN (SELECT client_id FROM hidden_person)
), judged AS (
    SELECT d.client_id, d.immunization_id, d.clinic, g.vaccine_group,
        coalesce(string_agg(DISTINCT e.reasons, '|' ORDER BY e.reasons) FILTER (WHERE e.status IN ('Not Valid', 'Sub-standard')), '') AS reasons,
        count(*) FILTER (WHERE e.status IN ('Not Valid', 'Sub-standard')) > 0 AS invalid
    FROM dose_evaluation AS e
    JOIN given AS d ON d.client_id = e.client_id AND d.immunization_id = e.immunization_id
    JOIN group_antigen AS g ON g.antigen = e.antigen
    WHERE e.status <> 'Not Evaluated'
    GROUP BY d.client_id, d.immunization_id, d.clinic, g.vaccine_group
)
SELECT level, clinic, vaccine_group, reasons, count(*) AS doses, count(*) FILTER (WHERE invalid) AS invalid
FROM (
    SELECT CASE clinic WHEN '' THEN $none ELSE $one END AS level, clinic, vaccine_group, reasons, invalid FROM judged
    UNION ALL
    SELECT $all, '', vaccine_group, reasons, invalid FROM judged
) AS v
GROUP BY level, clinic, vaccine_group, reasons
ORDER BY level, clinic, vaccine_group, reasons
