-- The notices of a campaign that were sent, each once, and those that people of its control group would have got.
-- Whose records have come to another person since is counted as that one.
WITH RECURSIVE gone AS (
    SELECT DISTINCT client_id, other_id
    FROM client_change
    WHERE change = 'merged' AND other_id IS NOT NULL AND client_id NOT IN (SELECT client_id FROM client)
), step AS (
    SELECT client_id, other_id AS now_id FROM gone
    UNION
    SELECT s.client_id, g.other_id FROM step AS s JOIN gone AS g ON g.client_id = s.now_id
), became AS (
    SELECT s.client_id, min(s.now_id) AS now_id
    FROM step AS s
    JOIN client AS c ON c.client_id = s.now_id
    GROUP BY s.client_id
    HAVING count(DISTINCT s.now_id) = 1
), asked AS (
    SELECT 'sent' AS arm, notice_id, client_id, kind, round, channel, vaccine_groups, issued_on, sent_on, snapshot
    FROM sent_notice
    WHERE campaign = $campaign
    UNION ALL
    SELECT 'control', notice_id, client_id, kind, round, channel, vaccine_groups, issued_on, issued_on, snapshot
    FROM latest_control_notice
    WHERE campaign = $campaign
)
SELECT a.arm, a.notice_id, coalesce(b.now_id, a.client_id) AS client_id, a.kind, a.round, a.channel, a.vaccine_groups, a.issued_on,
    a.sent_on, a.snapshot
FROM asked AS a
LEFT JOIN became AS b ON b.client_id = a.client_id
