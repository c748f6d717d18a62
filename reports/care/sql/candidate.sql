-- Everybody who was born on the day of such an entry, also who may not be shown.
SELECT client_id, first_name, middle_name, last_name, suffix, birth_date, zip
FROM client
WHERE birth_date IN (SELECT birth_date FROM care_unnumbered)
ORDER BY client_id
