-- Tonight's figures of the measures that are published: of areas, and in the whole state by the published properties.
SELECT measure, measure_version, area_type, area_code, stratum, stratum_code, stratum_name, denominator, numerator, numerator_any,
    coalesce(population, 0) AS population, denominator_rule, schedule
FROM coverage
WHERE measure IN (SELECT measure FROM published_measure)
    AND (stratum = 'all' OR area_type = 'state' AND stratum IN (SELECT stratum FROM published_stratum))
ORDER BY measure, area_type, area_code, stratum, stratum_code
