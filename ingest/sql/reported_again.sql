-- The keys that were reported more than once, tonight or before; others too whose fingerprints are the same.
SELECT DISTINCT version_key
FROM (SELECT f.$key AS version_key FROM fresh AS f JOIN reported_twice AS t ON t.$hash = f.$hash
      UNION
      SELECT p.$key FROM $prior AS p WHERE p.$key IN (SELECT $key FROM fresh)
      UNION
      SELECT a.version_key FROM prior_affirmation AS a WHERE a.log = $log AND a.version_key IN (SELECT $key FROM fresh)) AS reported
