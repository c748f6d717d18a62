-- The pairs scored on earlier nights between records that are clustered again tonight.
SELECT p.l, p.r, p.rules, p.vector, p.term_frequency, p.family_frequency
FROM live_pair AS p
WHERE p.l IN (SELECT rid FROM link_member) AND p.r IN (SELECT rid FROM link_member)
ORDER BY p.l, p.r, p.snapshot
