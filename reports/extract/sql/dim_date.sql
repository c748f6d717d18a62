-- The periods that occur.
SELECT period, until, year, month, CASE WHEN month >= 7 THEN year ELSE year - 1 END AS flu_season
FROM (
    SELECT period, until, CAST(extract(year FROM until) AS INTEGER) AS year, CAST(extract(month FROM until) AS INTEGER) AS month
    FROM (SELECT DISTINCT given_on AS period, given_until AS until FROM extract_dose) AS p
) AS d
