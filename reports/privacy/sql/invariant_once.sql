-- Tonight's outputs in which somebody is disclosed more than once.
SELECT output, client_id
FROM disclosure
WHERE snapshot > (SELECT coalesce(max(snapshot), 0) FROM prior_disclosure)
GROUP BY output, client_id
HAVING count(*) > 1
