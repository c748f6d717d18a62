-- Everybody who was born on a day of the roster, also who may not be shown.
SELECT client_id, first_name, middle_name, last_name, suffix, birth_date, zip
FROM client
WHERE birth_date IN (SELECT birth_date FROM asked_birth)
ORDER BY client_id
