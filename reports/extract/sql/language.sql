-- Languages that people have.
SELECT DISTINCT language AS code FROM client
WHERE language IS NOT NULL AND NOT opted_out AND NOT locked AND NOT sealed ORDER BY code
