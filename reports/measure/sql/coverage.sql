-- Coverage as it is published: a withheld figure is null.
SELECT measure, measure_version, area_type, area_code, area_name, stratum,
    CASE WHEN suppressed THEN NULL ELSE denominator END AS denominator,
    CASE WHEN suppressed THEN NULL ELSE numerator END AS numerator,
    suppressed, suppression, denominator_rule, as_of, schedule
FROM coverage_row
