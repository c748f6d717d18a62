-- Whom this day notifies, of those who may be shown tonight.
WITH told AS (
    SELECT client_id, min(record_id) AS record_id
    FROM newborn_notice
    WHERE outcome = 'notified' AND decided_on = $as_of
    GROUP BY client_id
), version AS (
    SELECT record_id, mother_first, mother_last,
        row_number() OVER (PARTITION BY record_id ORDER BY sender_time DESC, snapshot DESC, line DESC) AS place
    FROM client_record
    WHERE record_id IN (SELECT record_id FROM told)
)
SELECT c.client_id, c.first_name, c.last_name, c.birth_date, v.mother_first, v.mother_last, c.address_1, c.address_2, c.city,
    c.state, c.zip, c.language
FROM told AS t
JOIN client AS c ON c.client_id = t.client_id
JOIN version AS v ON v.record_id = t.record_id AND v.place = 1
WHERE NOT c.no_contact AND c.status <> 'deceased' AND c.deceased_on IS NULL
    AND c.client_id NOT IN (SELECT client_id FROM restricted)
    AND c.client_id NOT IN (SELECT client_id FROM restriction WHERE kind IN ('no_contact', 'no_mail'))
    AND c.client_id NOT IN (SELECT client_id FROM death_match)
ORDER BY c.zip, c.address_1, c.client_id
