-- How many people tonight has created, joined, merged, split, moved or emptied.
SELECT c.change AS name, count(*) AS people
FROM client_change AS c
WHERE c.snapshot = $snapshot
GROUP BY c.change
ORDER BY c.change
