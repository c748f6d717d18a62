-- People of a night, by its ids, who have died since, or may have: by any of their records, as HEAD knows them.
SELECT DISTINCT l.client_id
FROM client_link AS l
JOIN head_link AS h ON h.record_id = l.record_id
JOIN head_client AS c ON c.client_id = h.client_id
WHERE c.status = 'deceased' OR c.deceased_on IS NOT NULL
    OR c.client_id IN (SELECT client_id FROM head_death_match)
