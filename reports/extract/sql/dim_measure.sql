-- The measures of coverage.
SELECT measure, measure_version, title, population, doses, steward, published FROM extract_measure
