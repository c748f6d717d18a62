-- Every output in which somebody was ever disclosed.
SELECT DISTINCT output FROM disclosure ORDER BY output
