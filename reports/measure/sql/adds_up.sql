-- Measures of which the state is not the sum of its parts: of its regions, of its counties and the unassigned, or of the
-- values of a property; or a region not that of the values of one.
WITH part AS (
    SELECT measure, 'state' AS area, CASE WHEN stratum = 'all' THEN area_type ELSE stratum END AS parts,
        denominator, numerator, numerator_any
    FROM coverage
    WHERE area_type = 'region' AND stratum = 'all' OR area_type = 'county' OR area_type = 'state' AND stratum <> 'all'
    UNION ALL
    SELECT measure, 'state', 'county', denominator, numerator, numerator_any
    FROM coverage
    WHERE area_type = 'region' AND area_code = 'unassigned' AND stratum = 'all'
    UNION ALL
    SELECT measure, area_code, stratum, denominator, numerator, numerator_any
    FROM coverage
    WHERE area_type = 'region' AND stratum <> 'all'
), total AS (
    SELECT measure, area, parts, sum(denominator) AS denominator, sum(numerator) AS numerator, sum(numerator_any) AS numerator_any
    FROM part
    GROUP BY measure, area, parts
)
SELECT t.measure, t.area, t.parts
FROM total AS t
LEFT JOIN coverage AS c ON c.measure = t.measure AND c.stratum = 'all' AND c.area_type <> 'county'
    AND (c.area_type = 'state' AND t.area = 'state' OR c.area_type = 'region' AND c.area_code = t.area)
WHERE c.measure IS NULL OR c.denominator <> t.denominator OR c.numerator <> t.numerator OR c.numerator_any <> t.numerator_any
