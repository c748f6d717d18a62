-- How many two-year-olds were late, and are up to date by now?
SELECT measure, count(*) FILTER (WHERE NOT met) AS not_in_time, count(*) FILTER (WHERE met_late AND NOT met) AS since_then
FROM fact_result GROUP BY measure ORDER BY measure
