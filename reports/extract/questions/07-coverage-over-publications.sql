-- How has the published coverage of the state developed, from publication to publication, for each measure?
SELECT measure, measure_version, as_of, denominator, numerator,
    CASE WHEN denominator > 0 THEN round(100.0 * numerator / denominator, 1) END AS percent, suppression
FROM fact_coverage
WHERE area_type = 'state' AND stratum = 'all'
ORDER BY measure, measure_version, as_of
