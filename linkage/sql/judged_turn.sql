-- People's verdicts on records that contradict themselves, in the order of snapshots.
SELECT *
FROM review_item
WHERE decision IN ('same', 'different') AND substr(evidence_hash, 1, 5) = 'turn:'
ORDER BY snapshot
