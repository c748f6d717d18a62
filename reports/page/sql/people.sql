-- How many people there are, and how many of them have a routine dose due or past due.
WITH child AS (
    SELECT c.client_id,
        max(CASE WHEN f.recommended_on <= $as_of AND (f.past_due_on IS NULL OR f.past_due_on >= $as_of)
            THEN 1 ELSE 0 END) AS due,
        max(CASE WHEN f.past_due_on < $as_of THEN 1 ELSE 0 END) AS overdue
    FROM client AS c
    LEFT JOIN forecast AS f ON f.client_id = c.client_id AND f.kind = 'standard' AND f.status = 'Not Complete' AND NOT f.assumed
        AND f.vaccine_group IN (SELECT vaccine_group FROM campaign_group WHERE calls)
    WHERE add_months(c.birth_date, $until_months) > $as_of
        AND c.client_id NOT IN (SELECT client_id FROM restricted)
    GROUP BY c.client_id
), line AS (
    SELECT 1 AS place, 'people in the registry' AS name, count(*) AS people FROM client
    UNION ALL SELECT 2, 'of them opted out, locked or sealed: in no output', count(*) FROM restricted
    UNION ALL SELECT 3, 'doses', count(*) FROM immunization
    UNION ALL SELECT 4, 'people of the age for notices', count(*) FROM child
    UNION ALL SELECT 5, 'of them with a dose past due', CAST(coalesce(sum(overdue), 0) AS BIGINT) FROM child
    UNION ALL SELECT 6, 'of them with a dose due now', CAST(coalesce(sum(due), 0) AS BIGINT) FROM child
)
SELECT name, people FROM line ORDER BY place
