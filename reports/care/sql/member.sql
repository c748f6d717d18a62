-- The present members on tonight's lists of plans, with the person whom each entry is about.
-- The plan's own number, confirmed by the birth date, finds its record; else name, birth date and ZIP code, where they fit one person.
WITH list AS (
    SELECT e.* FROM roster_entry AS e
    JOIN care_plan AS k ON k.sender = e.sender
    WHERE e.snapshot = $snapshot
), numbered AS (
    SELECT DISTINCT e.entry_id, c.client_id
    FROM list AS e
    JOIN client_record AS r ON r.sender = e.sender AND r.source_client_id = e.list_id_1 AND NOT r.withdrawn
    JOIN client_link AS l ON l.record_id = r.record_id
    JOIN client AS c ON c.client_id = l.client_id AND c.birth_date = e.birth_date
), named AS (
    SELECT e.entry_id, c.client_id
    FROM list AS e
    JOIN client AS c ON c.birth_date = e.birth_date AND upper(c.last_name) = upper(e.last_name)
        AND upper(c.first_name) = upper(e.first_name) AND substr(c.zip, 1, 5) = substr(e.zip, 1, 5)
    WHERE e.entry_id NOT IN (SELECT entry_id FROM numbered)
), found AS (
    SELECT entry_id, min(client_id) AS client_id
    FROM (SELECT entry_id, client_id FROM numbered UNION SELECT entry_id, client_id FROM named) AS either
    GROUP BY entry_id
    HAVING count(DISTINCT client_id) = 1
)
SELECT e.sender, e.batch_id, e.line, e.list_id_1, e.list_id_2, e.list_id_3, e.list_id_4, e.list_id_5, e.list_id_6,
    e.last_name, e.first_name, e.middle_name, e.birth_date, e.sex, e.address_1, e.address_2, e.city, e.state, e.zip,
    e.county_fips, e.medicaid_id, e.covered_from, e.covered_until,
    (e.covered_from IS NULL OR e.covered_from <= $as_of) AND (e.covered_until IS NULL OR e.covered_until >= $as_of) AS covered,
    x.client_id, i.immunization_id, i.administered_on, i.cvx, i.mvx, i.lot, i.historical
FROM list AS e
LEFT JOIN found AS f ON f.entry_id = e.entry_id
LEFT JOIN shown AS x ON x.client_id = f.client_id
LEFT JOIN immunization AS i ON i.client_id = x.client_id
ORDER BY e.sender, e.batch_id, e.line, i.administered_on, i.immunization_id
