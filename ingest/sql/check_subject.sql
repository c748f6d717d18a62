-- What is known of the clients of tonight's doses: their earliest birth date, a death that holds, their birthdays.
-- In HL7 the client comes in the same message. The birthdays are worked out here, once a client.
SELECT b.sender, b.source_client_id, b.born, x.died_on, add_months(b.born, 6) AS turns_half, add_months(b.born, 24) AS turns_2,
    add_months(b.born, 84) AS turns_7, add_months(b.born, 216) AS turns_18
FROM (SELECT sender, source_client_id, min(birth_date) AS born
      FROM (SELECT k.sender, k.source_client_id, k.birth_date FROM known_client AS k
            UNION ALL
            SELECT c.sender, c.source_client_id, c.birth_date FROM staged_client AS c
            WHERE c.file_no IN (SELECT file_no FROM staged_event WHERE unit_key = 0)) AS reported
      GROUP BY sender, source_client_id) AS b
LEFT JOIN (SELECT sender, source_client_id, max(deceased_on) AS died_on
      FROM (SELECT sender, source_client_id, deceased_on FROM staged_client WHERE deceased_on IS NOT NULL
            UNION ALL
            SELECT p.sender, p.source_client_id, p.deceased_on
            FROM prior_client_record AS p
            WHERE p.deceased_on IS NOT NULL
              AND NOT EXISTS (SELECT 1 FROM prior_client_record AS l
                              WHERE l.record_id = p.record_id AND l.sender_time > p.sender_time AND l.deceased_on IS NULL)) AS dead
      GROUP BY sender, source_client_id) AS x ON x.sender = b.sender AND x.source_client_id = b.source_client_id
