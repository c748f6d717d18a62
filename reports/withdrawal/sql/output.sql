-- Every output in which somebody was disclosed on a night or later.
SELECT DISTINCT output FROM disclosure WHERE snapshot >= $first ORDER BY output
