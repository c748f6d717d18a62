-- What was published, and what is withheld?
SELECT measure, area_type, count(*) AS areas, count(denominator) AS shown, sum(numerator) AS numerator, sum(denominator) AS denominator
FROM fact_coverage WHERE stratum = 'all' GROUP BY measure, area_type ORDER BY measure, area_type
