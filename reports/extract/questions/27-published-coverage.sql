-- What was published last, and what is withheld?
SELECT measure, area_type, count(*) AS areas, count(denominator) AS shown, sum(numerator) AS numerator, sum(denominator) AS denominator
FROM fact_coverage WHERE stratum = 'all' AND as_of = (SELECT max(as_of) FROM fact_coverage)
GROUP BY measure, area_type ORDER BY measure, area_type
