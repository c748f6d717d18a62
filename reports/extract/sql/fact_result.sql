-- Who meets which measure on the night, where it is the same for each move of the person's dates. Where the period of birth that is
-- shown lies too near to a day of birth at which the measure begins, ends or asks for something else, there is no row; nor where
-- a dose lies too near to the first day of a season that decides. Whoever may be another person, who is counted, has none.
SELECT p.person, r.measure, r.measure_version, r.met, r.met_any, r.met_late, r.short, r.two_doses
FROM measure_result AS r
JOIN extract_person AS p ON p.client_id = r.client_id
LEFT JOIN extract_turning AS t ON t.born_from = p.born_from AND t.born_until = p.born_until AND t.measure = r.measure
LEFT JOIN extract_near AS near ON near.client_id = r.client_id AND near.measure = r.measure
WHERE t.measure IS NULL AND near.client_id IS NULL AND r.client_id NOT IN (SELECT client_id FROM not_counted)
    AND r.measure NOT IN (SELECT measure FROM extract_season WHERE first_on IS NULL)
