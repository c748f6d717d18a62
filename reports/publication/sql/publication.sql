-- Rows as they are published: a withheld figure is null.
SELECT published_on, snapshot, measure, measure_version, doses, area_type, area_code, area_name, stratum, stratum_code, stratum_name,
    CASE WHEN suppressed THEN NULL ELSE denominator END AS denominator,
    CASE WHEN suppressed OR doses = 'none' THEN NULL ELSE numerator END AS numerator,
    CASE WHEN suppressed OR doses = 'none' THEN NULL ELSE numerator_any END AS numerator_any,
    percent, percent_low, percent_high, nullif(population, 0) AS population, population_percent, suppressed, suppression,
    denominator_rule, schedule, footnotes, footnote_texts
FROM publication_row
