-- The vaccine groups of visits, each with a bit of its own in the numbers that stand for several; one of which calendar dates decide
-- has none.
SELECT vaccine_group, CAST(1 AS BIGINT) << (row_number() OVER (ORDER BY vaccine_group) - 1) AS bit
FROM (SELECT DISTINCT vaccine_group FROM visit_group) AS g
WHERE vaccine_group NOT IN (SELECT vaccine_group FROM extract_group WHERE dated)
