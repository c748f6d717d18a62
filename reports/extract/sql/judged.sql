-- Which doses count in each of their vaccine groups. A dose is found by its number from here on: its id is long.
SELECT d.client_id, d.dose, d.visit, g.vaccine_group, max(e.target_dose) AS series_dose,
    CAST(min(CASE WHEN e.status = 'Valid' THEN 1 ELSE 0 END) AS SMALLINT) AS valid,
    min(CASE WHEN e.status <> 'Valid' THEN CAST(e.status AS extract_word) END) AS fault,
    min(CASE WHEN e.status <> 'Valid' THEN e.reasons END) AS reason
FROM dose_evaluation AS e
JOIN extract_dose AS d ON d.client_id = e.client_id AND d.immunization_id = e.immunization_id
JOIN extract_antigen AS g ON g.antigen = e.antigen
GROUP BY d.client_id, d.dose, d.visit, g.vaccine_group
