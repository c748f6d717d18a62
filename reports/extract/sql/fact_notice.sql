-- Notices and what came of them. The day is not told: many people have it in common, and moved with the dates of each it would say
-- by how many days.
SELECT p.person, row_number() OVER (PARTITION BY p.person ORDER BY n.issued_on, n.notice_id) AS notice, n.campaign, n.kind, n.round, n.channel,
    coalesce(d.last_on >= n.issued_on, false) AS given_since, r.results
FROM notice AS n
JOIN extract_person AS p ON p.client_id = n.client_id
LEFT JOIN (SELECT client_id, max(administered_on) AS last_on FROM extract_dose GROUP BY client_id) AS d ON d.client_id = n.client_id
LEFT JOIN (SELECT notice_id, string_agg(DISTINCT code, '|' ORDER BY code) AS results FROM notice_result GROUP BY notice_id) AS r
    ON r.notice_id = n.notice_id
