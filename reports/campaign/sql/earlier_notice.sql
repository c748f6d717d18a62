-- Notices of earlier days to the people called tonight.
-- Those of the same day are left out: a second run on a day makes that day's mailing again, whole, with the same ids.
SELECT e.client_id, e.kind, e.vaccine_groups, e.issued_on, e.snapshot, e.address_1, e.zip,
    coalesce(e.outcome = 'returned', false)
        OR e.notice_id IN (SELECT notice_id FROM notice_result WHERE code IN ('returned', 'wrong_person')) AS returned
FROM latest_prior_notice AS e
JOIN called AS k ON k.client_id = e.client_id
WHERE e.campaign = $campaign AND e.issued_on < $as_of
ORDER BY e.client_id, e.issued_on, e.notice_id
