-- Active patients with a dose due by the end of the window, or late, with everything that each of them needs.
WITH called AS (
    SELECT DISTINCT client_id FROM care_need WHERE calls AND recommended_on <= add_days($as_of, $window)
), noticed AS (
    SELECT n.client_id, count(*) AS notices, max(n.sent_on) AS last_notice_on
    FROM sent_notice AS n
    JOIN called AS k ON k.client_id = n.client_id
    WHERE n.channel = 'mail'
    GROUP BY n.client_id
), visit AS (
    SELECT i.client_id, i.provider, max(i.administered_on) AS last_here_on
    FROM immunization AS i
    JOIN called AS k ON k.client_id = i.client_id
    GROUP BY i.client_id, i.provider
)
SELECT p.*, h.chart, v.last_here_on, coalesce(n.notices, 0) AS notices, n.last_notice_on,
    f.vaccine_group, f.dose_number, f.earliest_on, f.recommended_on, f.past_due_on, f.refused_on
FROM care_patient AS p
JOIN called AS k ON k.client_id = p.client_id
JOIN care_need AS f ON f.client_id = p.client_id
LEFT JOIN care_chart AS h ON h.client_id = p.client_id AND h.provider = p.provider
LEFT JOIN visit AS v ON v.client_id = p.client_id AND v.provider = p.provider
LEFT JOIN noticed AS n ON n.client_id = p.client_id
WHERE p.standing = 'active'
ORDER BY p.provider, p.last_name NULLS LAST, p.first_name NULLS LAST, p.client_id, f.vaccine_group
