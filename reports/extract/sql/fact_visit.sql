-- Days on which people were given doses. A visit without a group was not worked out: of somebody who has died, or with a vaccine
-- that the schedule does not know. What was not worked out is no day to look for: a condition beside the days would have each visit
-- compared with each.
SELECT d.person, d.visit, d.given_on, d.given_until, d.age_months, d.clinic, d.doses, coalesce(j.valid_doses, 0) AS valid_doses,
    v.allowed, v.due, v.missed
FROM extract_visit AS d
LEFT JOIN (
    SELECT o.client_id, o.visit, sum(j.valid) AS valid_doses
    FROM extract_dose AS o
    JOIN (SELECT client_id, immunization_id, min(valid) AS valid FROM extract_judged GROUP BY client_id, immunization_id) AS j
        ON j.client_id = o.client_id AND j.immunization_id = o.immunization_id
    GROUP BY o.client_id, o.visit
) AS j ON j.client_id = d.client_id AND j.visit = d.visit
LEFT JOIN (
    SELECT client_id, visited_on,
        coalesce(string_agg(vaccine_group, '|' ORDER BY vaccine_group) FILTER (WHERE NOT dated AND allowed_since IS NOT NULL), '') AS allowed,
        coalesce(string_agg(vaccine_group, '|' ORDER BY vaccine_group) FILTER (WHERE NOT dated AND due_since IS NOT NULL), '') AS due,
        coalesce(string_agg(vaccine_group, '|' ORDER BY vaccine_group) FILTER (WHERE NOT dated AND due_since IS NOT NULL AND NOT given), '') AS missed
    FROM (SELECT *, vaccine_group IN (SELECT vaccine_group FROM extract_group WHERE dated) AS dated FROM visit_group) AS g
    GROUP BY client_id, visited_on
) AS v ON v.client_id = d.client_id AND v.visited_on = CASE WHEN d.worked_out THEN d.administered_on END
