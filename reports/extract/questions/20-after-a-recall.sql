-- How many of those who were recalled have been given a dose since?
SELECT campaign, kind, count(*) AS notices, count(*) FILTER (WHERE given_since) AS given_since
FROM fact_notice
GROUP BY campaign, kind ORDER BY campaign, kind
