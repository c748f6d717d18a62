-- Tonight's withdrawals, with who was handed what commands have written on demand.
SELECT w.folder, w.why, w.of_snapshot, min(d.recipient) AS recipient
FROM withdrawal AS w
LEFT JOIN disclosure AS d ON d.output = w.folder AND d.snapshot = w.of_snapshot
WHERE w.snapshot = $tonight
GROUP BY w.folder, w.why, w.of_snapshot
ORDER BY w.folder, w.why, w.of_snapshot
