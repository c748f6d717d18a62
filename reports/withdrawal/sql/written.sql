-- The nights, from one on, on which something was disclosed in each of the folders asked about.
SELECT f.folder, d.snapshot
FROM disclosure AS d
JOIN asked_folder AS f ON f.output = d.output
WHERE d.snapshot >= $first
GROUP BY f.folder, d.snapshot
ORDER BY f.folder, d.snapshot
