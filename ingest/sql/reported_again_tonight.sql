-- The keys that were reported more than once tonight; others too whose fingerprints are the same.
SELECT DISTINCT f.$key AS version_key
FROM fresh AS f
JOIN reported_twice AS t ON t.$hash = f.$hash
