-- The names of the purged person with the birth date, as one text each.
SELECT DISTINCT upper(first_name) || '|' || upper(last_name) || '|' || CAST(birth_date AS VARCHAR) AS id FROM purged_name
