-- What is known of the clients of tonight's doses: their earliest birth date, a death that holds, their birthdays.
-- In HL7 the client comes in the same message. The birthdays are worked out here, once a client.
WITH reported AS (
  SELECT c.sender, c.source_client_id, coalesce(g.generation, c.generation) AS generation, c.birth_date, c.deceased_on
  FROM staged_client AS c
  LEFT JOIN unit_generation AS g ON g.file_no = c.file_no AND g.unit = c.unit
),
dead AS (
  SELECT sender, source_client_id, generation, deceased_on FROM reported WHERE deceased_on IS NOT NULL
  UNION ALL
  SELECT p.sender, p.source_client_id, p.generation, p.deceased_on
  FROM prior_client_record AS p
  WHERE p.deceased_on IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM prior_client_record AS l
                    WHERE l.record_id = p.record_id AND l.sender_time > p.sender_time AND l.deceased_on IS NULL)
)
SELECT b.sender, b.source_client_id, b.generation, b.born, x.died_on, add_months(b.born, 6) AS turns_half, add_months(b.born, 24) AS turns_2,
    add_months(b.born, 84) AS turns_7, add_months(b.born, 216) AS turns_18
FROM (SELECT sender, source_client_id, generation, min(birth_date) AS born
      FROM (SELECT sender, source_client_id, generation, birth_date FROM reported
            UNION ALL
            SELECT p.sender, p.source_client_id, p.generation, p.birth_date
            FROM prior_client_record AS p
            WHERE p.sender IN (SELECT sender FROM dose_client) AND p.source_client_id IN (SELECT source_client_id FROM dose_client)) AS known
      GROUP BY sender, source_client_id, generation) AS b
LEFT JOIN (SELECT sender, source_client_id, generation, max(deceased_on) AS died_on FROM dead GROUP BY sender, source_client_id, generation) AS x
  ON x.sender = b.sender AND x.source_client_id = b.source_client_id AND x.generation = b.generation
