-- The notices of each campaign that were sent, by language.
SELECT campaign, language, count(*) AS notices
FROM sent_shown
GROUP BY campaign, language
ORDER BY campaign, notices DESC, language
