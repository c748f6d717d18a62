-- The notices of a campaign, or with an empty name of all, in up to three groups. sent: each that was sent, from that day on. control: those that people
-- of the control group would have got, and chosen: those of everybody else who was chosen on the same nights, whether they
-- were sent or not. These two are counted alike, by the person and from the night that chose them, so that nothing but the
-- draw tells them apart. Whose records have come to another person since is counted as that one.
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
), withheld AS (
    SELECT campaign, kind, min(issued_on) AS since, max(issued_on) AS until
    FROM latest_control_notice
    WHERE $campaign IN (campaign, '')
    GROUP BY campaign, kind
), asked AS (
    SELECT 'sent' AS arm, campaign, notice_id, client_id, kind, round, channel, vaccine_groups, issued_on, sent_on, snapshot
    FROM sent_notice
    WHERE $campaign IN (campaign, '')
    UNION ALL
    SELECT 'chosen', n.campaign, n.notice_id, n.client_id, n.kind, n.round, n.channel, n.vaccine_groups, n.issued_on, n.issued_on,
        n.snapshot
    FROM latest_notice AS n
    JOIN withheld AS w ON w.campaign = n.campaign AND w.kind = n.kind AND n.issued_on BETWEEN w.since AND w.until
    UNION ALL
    SELECT 'control', campaign, notice_id, client_id, kind, round, channel, vaccine_groups, issued_on, issued_on, snapshot
    FROM latest_control_notice
    WHERE $campaign IN (campaign, '')
), now AS (
    SELECT a.arm, a.campaign, a.notice_id, coalesce(b.now_id, a.client_id) AS client_id, a.kind, a.round, a.channel, a.vaccine_groups,
        a.issued_on, a.sent_on, a.snapshot
    FROM asked AS a
    LEFT JOIN became AS b ON b.client_id = a.client_id
), placed AS (
    SELECT *, row_number() OVER (PARTITION BY arm, campaign, client_id, kind, round ORDER BY issued_on, notice_id) AS place
    FROM now
)
SELECT arm, campaign, notice_id, client_id, kind, round, channel, vaccine_groups, issued_on, sent_on, snapshot
FROM placed
WHERE arm = 'sent' OR place = 1
