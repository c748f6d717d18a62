-- What the measures ask of each person, one after the other: 0 the birth, 1 the doses by antigen, 2 the series tonight,
-- 3 on the birthdays that are kept, and 4 the eligibility that the last dose with one has. A dose before birth is none; one of an
-- unknown product has no antigen.
SELECT * FROM (
    SELECT client_id, 0 AS part, birth_date AS day, 0 AS code, 0 AS number, 0 AS state, '' AS dose, false AS valid
    FROM judged_person
    UNION ALL
    SELECT e.client_id, 1, e.administered_on, coalesce(a.number, -1), e.cvx, 0, e.immunization_id, e.status = 'Valid'
    FROM dose_evaluation AS e
    JOIN judged_person AS p ON p.client_id = e.client_id
    LEFT JOIN measured_antigen AS a ON a.antigen = e.antigen
    WHERE e.status NOT IN ('Before Birth', 'Sub-standard')
    UNION ALL
    SELECT f.client_id, 2, NULL, g.number, 0, CASE f.status WHEN 'Complete' THEN 1 ELSE 2 END, '', false
    FROM forecast AS f
    JOIN judged_person AS p ON p.client_id = f.client_id
    JOIN measured_group AS g ON g.vaccine_group = f.vaccine_group
    WHERE f.kind = 'standard' AND f.status IN ('Complete', 'Immune')
    UNION ALL
    SELECT m.client_id, 3, NULL, g.number, m.months,
        CASE m.status WHEN 'Complete' THEN 1 WHEN 'Immune' THEN 2 ELSE 0 END + 10 * m.valid_doses, '', false
    FROM milestone AS m
    JOIN judged_person AS p ON p.client_id = m.client_id
    JOIN measured_group AS g ON g.vaccine_group = m.vaccine_group
    UNION ALL
    SELECT i.client_id, 4, max(i.administered_on), 0, 0, 0, arg_max(i.eligibility, (i.administered_on, i.immunization_id)), false
    FROM immunization AS i
    JOIN judged_person AS p ON p.client_id = i.client_id
    WHERE i.eligibility IS NOT NULL
    GROUP BY i.client_id
) AS fact
ORDER BY client_id, part, day, dose, code
