-- How many people lack a single dose of a measure?
SELECT measure, count(*) FILTER (WHERE NOT met) AS not_met, count(*) FILTER (WHERE NOT met AND short = 1) AS one_short
FROM fact_result GROUP BY measure ORDER BY measure
