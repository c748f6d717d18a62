-- The active patients of the age of each measure that clinics are assessed by, as coverage counts them, and what each lacks.
SELECT p.*, h.chart, a.place, a.measure, r.met, r.met_any, r.met_late, r.missing
FROM measure_result AS r
JOIN care_measure AS a ON a.measure = r.measure
JOIN care_patient AS p ON p.client_id = r.client_id AND p.standing = 'active'
LEFT JOIN care_chart AS h ON h.client_id = p.client_id AND h.provider = p.provider
WHERE p.client_id NOT IN (SELECT client_id FROM not_counted)
    AND p.client_id IN (SELECT client_id FROM patient_status WHERE level = 'jurisdiction' AND status = 'active')
ORDER BY p.provider, a.place, p.last_name NULLS LAST, p.first_name NULLS LAST, p.client_id
