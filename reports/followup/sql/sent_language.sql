-- The notices of each campaign that were sent, by language.
SELECT s.campaign, n.language, count(*) AS notices
FROM sent_notice AS s
JOIN latest_notice AS n ON n.notice_id = s.notice_id
GROUP BY s.campaign, n.language
ORDER BY s.campaign, notices DESC, n.language
