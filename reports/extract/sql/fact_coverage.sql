-- Published figures of coverage.
SELECT measure, measure_version, area_type, area_code, area_name, stratum, denominator, numerator, suppression, denominator_rule, as_of FROM coverage
