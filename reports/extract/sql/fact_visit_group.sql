-- What of each vaccine group was given, allowed and due at each visit.
SELECT d.person, d.visit, CAST(v.vaccine_group AS extract_word) AS vaccine_group, v.given, v.allowed_since IS NOT NULL AS allowed,
    v.due_since IS NOT NULL AS due,
    v.due_since IS NOT NULL AND NOT v.given AS missed, v.refused,
    period_start(add_days(v.due_since, d.shift), $as_of, d.months) AS due_since
FROM visit_group AS v
JOIN extract_visit AS d ON d.client_id = v.client_id AND d.administered_on = v.visited_on
WHERE d.worked_out AND v.vaccine_group NOT IN (SELECT vaccine_group FROM extract_group WHERE dated)
ORDER BY d.person, d.visit, CAST(v.vaccine_group AS extract_word)
