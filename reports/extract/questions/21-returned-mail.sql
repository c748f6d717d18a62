-- How much mail comes back, by county?
SELECT p.county_fips, count(*) AS letters, count(*) FILTER (WHERE n.results LIKE '%returned%') AS returned
FROM fact_notice AS n JOIN dim_person AS p ON p.person = n.person
WHERE n.channel = 'mail'
GROUP BY p.county_fips ORDER BY p.county_fips
