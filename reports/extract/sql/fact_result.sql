-- Who meets which measure on the night, where it is the same for each move of the person's dates. Where the period of birth that is
-- shown lies too near to a day of birth at which the measure begins, ends or asks for something else, there is no row; nor where
-- a dose lies too near to the first day of a season that decides. Whoever may be another person, who is counted, has none.
SELECT p.person, r.measure, r.measure_version, r.met, r.met_any, r.met_late, r.short, r.two_doses
FROM measure_result AS r
JOIN extract_person AS p ON p.client_id = r.client_id
LEFT JOIN extract_turning AS t ON t.client_id = r.client_id AND t.measure = r.measure
LEFT JOIN (
    SELECT DISTINCT d.client_id, s.measure
    FROM extract_dose AS d
    JOIN extract_judged AS j ON j.client_id = d.client_id AND j.immunization_id = d.immunization_id
    JOIN extract_season AS s ON s.vaccine_group = j.vaccine_group
    WHERE add_days(d.given_on, -$max_shift) < s.first_on AND add_days(d.given_until, $max_shift) >= s.first_on
) AS near ON near.client_id = r.client_id AND near.measure = r.measure
WHERE t.client_id IS NULL AND near.client_id IS NULL AND r.client_id NOT IN (SELECT client_id FROM not_counted)
    AND r.measure NOT IN (SELECT measure FROM extract_season WHERE first_on IS NULL)
