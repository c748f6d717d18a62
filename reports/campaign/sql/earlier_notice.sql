-- Notices of earlier days to the people called tonight. One that lies in a region's folder open/ counts only once it is
-- collected, from the day of that, or once somebody has reported what came of it.
-- Those of the same day are left out: a second run on a day makes that day's mailing again, whole, with the same ids.
SELECT e.client_id, e.kind, e.vaccine_groups, coalesce(o.collected_on, e.issued_on) AS issued_on, e.snapshot, e.address_1, e.zip,
    coalesce(e.outcome = 'returned', false)
        OR e.notice_id IN (SELECT notice_id FROM notice_result WHERE code IN ('returned', 'wrong_person')) AS returned
FROM latest_prior_notice AS e
JOIN called AS k ON k.client_id = e.client_id
LEFT JOIN lying AS o ON o.notice_id = e.notice_id
WHERE e.campaign = $campaign AND e.issued_on < $as_of
    AND (o.notice_id IS NULL OR o.collected_on IS NOT NULL OR e.notice_id IN (SELECT notice_id FROM notice_result))
ORDER BY e.client_id, issued_on, e.notice_id
