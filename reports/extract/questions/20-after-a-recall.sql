-- How many of those who were recalled have been given a dose in the same period or later?
SELECT n.campaign, n.kind, count(*) AS notices, count(*) FILTER (WHERE d.last_on >= n.issued_on) AS given_since
FROM fact_notice AS n LEFT JOIN (SELECT person, max(given_on) AS last_on FROM fact_visit GROUP BY person) AS d ON d.person = n.person
GROUP BY n.campaign, n.kind ORDER BY n.campaign, n.kind
