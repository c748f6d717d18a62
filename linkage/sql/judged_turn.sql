-- People's verdicts on records that contradict themselves, in the order of snapshots.
SELECT *
FROM review_item
WHERE decision IN ('same', 'different') AND evidence_hash LIKE $turns
ORDER BY snapshot
