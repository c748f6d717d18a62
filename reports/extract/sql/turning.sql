-- Of what each period of birth that is shown leaves open, with all moves of dates, on which side of a day of birth somebody is:
-- the status in a vaccine group, or a measure. Telling it would say by how many days the person's dates are moved.
SELECT p.born_from, p.born_until, t.vaccine_group, t.measure
FROM (SELECT DISTINCT born_from, born_until FROM extract_person) AS p
JOIN extract_turn AS t ON t.born_on > add_days(p.born_from, -$max_shift) AND t.born_on <= add_days(p.born_until, $max_shift)
GROUP BY p.born_from, p.born_until, t.vaccine_group, t.measure
