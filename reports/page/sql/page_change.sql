-- What tonight changed about who is who.
SELECT c.change AS name, count(*) AS people
FROM client_change AS c JOIN night AS n ON n.snapshot = c.snapshot
GROUP BY c.change
ORDER BY c.change
