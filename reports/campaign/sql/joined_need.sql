-- What people called tonight would still need if somebody else, about whom it is asked, is the same person.
SELECT f.client_id, f.other_id, f.vaccine_group, true AS calls, CAST(NULL AS SMALLINT) AS dose_number,
    coalesce(f.recommended_on, f.earliest_on, c.birth_date) AS recommended_on, f.past_due_on, f.refused_on
FROM joined_forecast AS f
JOIN called AS k ON k.client_id = f.client_id
JOIN client AS c ON c.client_id = f.client_id
WHERE f.kind = 'standard' AND f.status = 'Not Complete'
ORDER BY f.client_id, f.other_id, f.vaccine_group
