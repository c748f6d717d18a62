-- Coverage as it was published, on each day.
SELECT measure, measure_version, area_type, area_code, area_name, stratum, stratum_code, stratum_name, denominator, numerator,
    numerator_any, suppression, denominator_rule, published_on AS as_of
FROM publication
WHERE doses <> 'none'
