-- How far apart are the rates by valid and by any doses, for each measure?
SELECT m.measure, d.title, count(*) AS people, count(*) FILTER (WHERE m.met) AS valid_doses, count(*) FILTER (WHERE m.met_any) AS any_doses
FROM fact_result AS m JOIN dim_measure AS d ON d.measure = m.measure
GROUP BY m.measure, d.title ORDER BY m.measure
