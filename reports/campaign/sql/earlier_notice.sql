-- Notices of earlier days to the people called tonight, and those that people of a control group would have got. One that
-- lies in a region's folder open/ counts only once it is collected, from the day of that and with the address of that night,
-- or once somebody has reported what came of it. The same notice may be written again in another region, after a move: there that region's rule holds.
-- Those of the same day are left out: a second run on a day makes that day's mailing again, whole, with the same ids, but
-- for what was collected from open/ in between.
SELECT e.client_id, e.campaign, e.kind, e.vaccine_groups, e.issued_on, e.snapshot, e.address_1, e.zip, e.returned,
    e.control
FROM (
    SELECT s.client_id, s.notice_id, s.campaign, s.kind, s.vaccine_groups, s.issued_on AS written_on,
        coalesce(o.collected_on, s.issued_on) AS issued_on, s.snapshot,
        CASE WHEN o.notice_id IS NULL THEN s.address_1 ELSE o.address_1 END AS address_1,
        CASE WHEN o.notice_id IS NULL THEN s.zip ELSE o.zip END AS zip,
        coalesce(s.outcome = 'returned', false)
            OR s.notice_id IN (SELECT notice_id FROM notice_result WHERE code IN ('returned', 'wrong_person')) AS returned,
        false AS control, o.collected_on IS NOT NULL AS collected
    FROM latest_prior_notice AS s
    LEFT JOIN went AS o ON o.notice_id = s.notice_id AND o.region = s.region
    WHERE o.notice_id IS NULL OR o.collected_on IS NOT NULL OR s.notice_id IN (SELECT notice_id FROM notice_result)
    UNION ALL
    SELECT client_id, notice_id, campaign, kind, vaccine_groups, issued_on, issued_on, snapshot, CAST(NULL AS VARCHAR),
        CAST(NULL AS VARCHAR), false, true, false
    FROM latest_prior_control_notice
) AS e
JOIN called AS k ON k.client_id = e.client_id
WHERE e.written_on < $as_of OR e.collected
ORDER BY e.client_id, e.issued_on, e.notice_id, e.control
