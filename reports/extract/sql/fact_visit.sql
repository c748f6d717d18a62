-- Days on which people were given doses. A visit without a group was not worked out: of somebody who has died, or with a vaccine
-- that the schedule does not know. What was not worked out is no day to look for: a condition beside the days would have each visit
-- compared with each.
SELECT d.person, d.visit, d.given_on, d.given_until, d.age_months, d.clinic, d.doses, coalesce(j.valid_doses, 0) AS valid_doses,
    CAST(a.list AS extract_list) AS allowed, CAST(u.list AS extract_list) AS due,
    CAST(m.list AS extract_list) AS missed
FROM extract_visit AS d
LEFT JOIN (
    SELECT client_id, visit, sum(valid) AS valid_doses
    FROM (SELECT client_id, visit, dose, min(valid) AS valid FROM extract_judged GROUP BY client_id, visit, dose) AS o
    GROUP BY client_id, visit
) AS j ON j.client_id = d.client_id AND j.visit = d.visit
LEFT JOIN extract_due AS v ON v.client_id = d.client_id AND v.visited_on = CASE WHEN d.worked_out THEN d.administered_on END
LEFT JOIN extract_listed AS a ON a.groups = v.allowed
LEFT JOIN extract_listed AS u ON u.groups = v.due
LEFT JOIN extract_listed AS m ON m.groups = v.missed
ORDER BY d.person, d.visit
