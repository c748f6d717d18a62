-- Coverage of one measure in each region and the state.
SELECT area_type, area_name, coalesce(denominator, 0) AS denominator, coalesce(numerator, 0) AS numerator, suppressed
FROM coverage
WHERE measure = $measure AND area_type <> 'county'
ORDER BY area_type, CASE WHEN area_code = $unassigned THEN 1 ELSE 0 END, area_code
