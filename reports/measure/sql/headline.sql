-- A measure in the whole state.
SELECT measure, denominator, numerator, numerator_any
FROM coverage
WHERE measure = $measure AND area_type = 'state' AND stratum = 'all'
