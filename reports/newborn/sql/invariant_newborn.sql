-- What must not be: a birth notified twice, one that was not looked at, and in the file the dead, the sealed, the restricted,
-- whom this day does not notify, or who is not disclosed.
SELECT record_id AS breach FROM newborn_notice WHERE outcome = 'notified' GROUP BY record_id HAVING count(*) > 1
UNION ALL
SELECT t.record_id
FROM newborn_notice AS t
JOIN client_link AS a ON a.record_id = t.record_id
JOIN client_link AS b ON b.client_id = a.client_id AND b.record_id <> a.record_id
JOIN newborn_notice AS o ON o.record_id = b.record_id AND o.outcome = 'notified'
WHERE t.outcome = 'notified' AND t.snapshot > (SELECT coalesce(max(snapshot), 0) FROM prior_newborn_notice)
UNION ALL
SELECT r.record_id
FROM client_record AS r
WHERE r.snapshot > (SELECT coalesce(max(snapshot), 0) FROM prior_client_record) AND NOT r.withdrawn
    AND r.sender IN (SELECT sender FROM batch WHERE sender_kind = 'vital_records')
    AND r.record_id NOT IN (SELECT record_id FROM newborn_notice)
    AND r.record_id NOT IN (SELECT record_id FROM latest_client_record WHERE withdrawn)
UNION ALL
SELECT CAST(f.client_id AS VARCHAR)
FROM newborn_row AS f
LEFT JOIN client AS c ON c.client_id = f.client_id
WHERE c.client_id IS NULL OR c.status = 'deceased' OR c.deceased_on IS NOT NULL OR c.no_contact OR c.opted_out OR c.locked OR c.sealed
    OR f.client_id IN (SELECT client_id FROM death_match)
    OR f.client_id IN (SELECT client_id FROM restriction WHERE kind NOT IN ('no_calls', 'no_texts'))
    OR f.client_id NOT IN (SELECT client_id FROM newborn_notice WHERE outcome = 'notified' AND decided_on = $as_of)
UNION ALL
SELECT CAST(client_id AS VARCHAR) FROM newborn_row GROUP BY client_id HAVING count(*) > 1
UNION ALL
SELECT CAST(coalesce(f.client_id, d.client_id) AS VARCHAR)
FROM newborn_row AS f
FULL JOIN ( -- the file was written tonight, or is carried over from the night of the newest disclosure in it
    SELECT client_id FROM disclosure
    WHERE output = 'newborns/newborns.csv'
        AND snapshot = (SELECT max(snapshot) FROM disclosure WHERE output = 'newborns/newborns.csv')
        AND (snapshot > (SELECT coalesce(max(snapshot), 0) FROM prior_disclosure) OR EXISTS (SELECT 1 FROM newborn_row))
) AS d ON d.client_id = f.client_id
WHERE f.client_id IS NULL OR d.client_id IS NULL
