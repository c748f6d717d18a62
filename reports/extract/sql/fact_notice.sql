-- Notices and what came of them.
SELECT p.person, row_number() OVER (PARTITION BY p.person ORDER BY n.issued_on, n.notice_id) AS notice, n.campaign, n.kind, n.round, n.channel,
    period_start(add_days(n.issued_on, p.shift), $as_of, p.months) AS issued_on, r.results
FROM notice AS n
JOIN extract_person AS p ON p.client_id = n.client_id
LEFT JOIN (SELECT notice_id, string_agg(DISTINCT code, '|' ORDER BY code) AS results FROM notice_result GROUP BY notice_id) AS r
    ON r.notice_id = n.notice_id
