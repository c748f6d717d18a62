-- What a person needs by now of the vaccine groups that some campaign names.
SELECT f.vaccine_group, f.status, f.dose_number, f.recommended_on, f.past_due_on, f.refused_on
FROM forecast AS f
WHERE f.client_id = $client AND f.kind = 'standard'
ORDER BY f.vaccine_group
