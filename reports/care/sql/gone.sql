-- Who has left a clinic in the last year.
SELECT p.*, h.chart
FROM care_patient AS p
LEFT JOIN care_chart AS h ON h.client_id = p.client_id AND h.provider = p.provider
WHERE p.standing <> 'active' AND p.since > add_months($as_of, -12) AND p.since <= $as_of
ORDER BY p.provider, p.last_name NULLS LAST, p.first_name NULLS LAST, p.client_id
