-- The other entries of the lists.
SELECT e.entry_id, e.first_name, e.middle_name, e.last_name, CAST(NULL AS VARCHAR) AS suffix, e.birth_date, e.zip
FROM roster_entry AS e
JOIN care_list AS k ON k.batch_id = e.batch_id AND k.snapshot = e.snapshot AND k.sender = e.sender
WHERE e.entry_id NOT IN (SELECT entry_id FROM care_numbered)
