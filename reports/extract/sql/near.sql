-- People with a dose so near to the first day of a season that decides on a measure that the measure would say by how many days
-- their dates are moved.
SELECT DISTINCT d.client_id, s.measure
FROM extract_dose AS d
JOIN extract_judged AS j ON j.client_id = d.client_id AND j.dose = d.dose
JOIN extract_season AS s ON s.vaccine_group = j.vaccine_group
WHERE add_days(d.given_on, -$max_shift) < s.first_on AND add_days(d.given_until, $max_shift) >= s.first_on
