-- How many doses and results of people in the extract are in no file, since telling them would say how dates are moved: doses that are
-- moved beyond the night, and measures that are not the same for each move.
SELECT
    (SELECT count(*) FROM immunization AS i JOIN extract_person AS p ON p.client_id = i.client_id
        JOIN client AS c ON c.client_id = i.client_id
        WHERE c.birth_date <= i.administered_on AND i.administered_on > add_days($as_of, -$max_shift) AND i.administered_on <= $as_of
            AND add_days(i.administered_on, p.shift) > $as_of) AS doses,
    (SELECT count(*) FROM measure_result AS r JOIN extract_person AS p ON p.client_id = r.client_id
        WHERE r.client_id NOT IN (SELECT client_id FROM not_counted)) AS results
