-- Coverage of one measure in each region and the state, as it was published last.
SELECT area_type, area_name, coalesce(denominator, 0) AS denominator,
    coalesce(CASE WHEN doses = 'any' THEN numerator_any ELSE numerator END, 0) AS numerator, suppressed, published_on
FROM publication
WHERE measure = $measure AND area_type <> 'county' AND stratum = 'all'
    AND published_on = (SELECT max(published_on) FROM publication)
ORDER BY area_type, CASE WHEN area_code = $unassigned THEN 1 ELSE 0 END, area_code
