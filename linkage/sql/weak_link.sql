-- The links of earlier nights that weigh less than a bound.
SELECT p.l, p.r, p.rules, p.vector, p.term_frequency, p.family_frequency
FROM live_pair AS p
WHERE p.decision = 'link' AND p.match_weight < $below
ORDER BY p.l, p.r, p.snapshot
