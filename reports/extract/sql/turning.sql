-- Of what the period of birth that is shown leaves open, with all moves of dates, on which side of a day of birth somebody is:
-- the status in a vaccine group, or a measure. Telling it would say by how many days the person's dates are moved.
SELECT p.client_id, t.vaccine_group, t.measure
FROM (
    SELECT client_id, add_days(period_start(add_days(birth, shift), $as_of, months), -$max_shift) AS born_from,
        add_days(add_months($as_of, -months * periods_ago(add_days(birth, shift), $as_of, months)), $max_shift) AS born_until
    FROM (SELECT p.client_id, p.shift, p.months, c.birth_date AS birth FROM extract_person AS p JOIN client AS c ON c.client_id = p.client_id) AS b
) AS p
JOIN extract_turn AS t ON t.born_on > p.born_from AND t.born_on <= p.born_until
GROUP BY p.client_id, t.vaccine_group, t.measure
