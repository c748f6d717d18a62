-- The notices that somebody was sent, each once, with the day from which it counts.
-- One that lies in a region's folder open/, or has dropped out of it, counts only once it is collected, from the day of
-- that, or once somebody has reported what came of it.
SELECT n.*, coalesce(o.collected_on, n.issued_on) AS sent_on
FROM latest_notice AS n
LEFT JOIN open_notice AS o ON o.notice_id = n.notice_id AND o.region = n.region
WHERE o.notice_id IS NULL OR o.collected_on IS NOT NULL OR n.notice_id IN (SELECT notice_id FROM notice_result)
