-- The stored comparisons of the two records of each open question, oldest first.
SELECT p.*
FROM scored_pair AS p
JOIN open_question AS o ON o.record_l = p.record_l AND o.record_r = p.record_r
ORDER BY p.snapshot
