-- How many people an upgrade creates, merges, splits or moves, by cause.
SELECT change, reason, count(*) AS people
FROM client_change
WHERE snapshot = $snapshot
GROUP BY change, reason
ORDER BY change, reason
