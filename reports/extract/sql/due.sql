-- What was allowed, due and missed at each visit: vaccine groups, as numbers with their bits.
SELECT v.client_id, v.visited_on,
    bit_or(CASE WHEN v.allowed_since IS NOT NULL THEN coalesce(n.bit, 0) ELSE 0 END) AS allowed,
    bit_or(CASE WHEN v.due_since IS NOT NULL THEN coalesce(n.bit, 0) ELSE 0 END) AS due,
    bit_or(CASE WHEN v.due_since IS NOT NULL AND NOT v.given THEN coalesce(n.bit, 0) ELSE 0 END) AS missed
FROM visit_group AS v
LEFT JOIN extract_numbered AS n ON n.vaccine_group = v.vaccine_group
GROUP BY v.client_id, v.visited_on
