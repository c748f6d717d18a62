-- Of each campaign whom it has sent to, what came back, what families report, and what lies uncollected.
-- One that has only held people back so far has a row of zeros.
WITH answered AS (
    SELECT notice_id, max(CASE WHEN code = 'returned' THEN 1 ELSE 0 END) AS returned,
        max(CASE WHEN code = 'vaccinated' THEN 1 ELSE 0 END) AS elsewhere
    FROM latest_notice_result
    GROUP BY notice_id
), lying AS (
    SELECT n.campaign, count(*) AS notices, min(o.issued_on) AS oldest_on
    FROM open_notice AS o
    JOIN latest_notice AS n ON n.notice_id = o.notice_id
    WHERE o.until_snapshot IS NULL AND o.collected_on IS NULL AND n.client_id NOT IN (SELECT client_id FROM restricted)
    GROUP BY n.campaign
), went AS (
    SELECT s.campaign, count(*) AS notices, count(DISTINCT s.client_id) AS people, count(DISTINCT s.household) AS households,
        CAST(coalesce(sum(a.returned), 0) AS BIGINT) AS returned, CAST(coalesce(sum(a.elsewhere), 0) AS BIGINT) AS elsewhere
    FROM sent_shown AS s
    LEFT JOIN answered AS a ON a.notice_id = s.notice_id
    GROUP BY s.campaign
), named AS (
    SELECT campaign FROM went
    UNION
    SELECT campaign FROM lying
    UNION
    SELECT campaign FROM withheld
)
SELECT c.campaign, coalesce(w.notices, 0) AS notices, coalesce(w.people, 0) AS people,
    coalesce(w.households, 0) AS households, coalesce(w.returned, 0) AS returned, coalesce(w.elsewhere, 0) AS elsewhere,
    coalesce(l.notices, 0) AS uncollected, l.oldest_on
FROM named AS c
LEFT JOIN went AS w ON w.campaign = c.campaign
LEFT JOIN lying AS l ON l.campaign = c.campaign
ORDER BY c.campaign
