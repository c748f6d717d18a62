-- By file, how many doses were given at each age.
SELECT file_no, 'age' AS measure, age AS item, CAST(sum(whole) AS BIGINT) AS numerator, CAST(0 AS BIGINT) AS denominator,
    CAST(NULL AS BIGINT) AS line
FROM seen_dose
GROUP BY file_no, age
ORDER BY file_no, item
