-- How many people are under another number than their pseudonym, or twice.
SELECT (SELECT count(*) FROM written_person AS p WHERE p.person NOT IN (SELECT person FROM extract_pseudonym))
    + (SELECT count(*) - count(DISTINCT person) FROM written_person) AS n
