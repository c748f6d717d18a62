-- The notices that somebody was sent, each once, with the day from which it counts and the channel by which it went.
-- One that lies in a region's folder open/, or has dropped out of it, counts only once it is collected, from the day of
-- that, or once somebody has reported what came of it.
WITH went AS (
    SELECT notice_id, region, collected_on, channel, row_number() OVER (PARTITION BY notice_id, region
        ORDER BY CASE WHEN collected_on IS NULL THEN 1 ELSE 0 END, since_snapshot DESC) AS place
    FROM open_notice
)
SELECT n.notice_id, n.client_id, n.campaign, n.kind, n.round, coalesce(o.channel, n.channel) AS channel, n.vaccine_groups,
    n.issued_on, coalesce(o.collected_on, n.issued_on) AS sent_on, n.snapshot
FROM latest_notice AS n
LEFT JOIN went AS o ON o.notice_id = n.notice_id AND o.region = n.region AND o.place = 1
WHERE o.notice_id IS NULL OR o.collected_on IS NOT NULL OR n.notice_id IN (SELECT notice_id FROM notice_result)
