-- The people whose records others have got on earlier nights, in that order: by a merger, or since the last went to one other.
SELECT client_id, now_id
FROM (
    SELECT client_id, other_id AS now_id, snapshot
    FROM prior_client_change
    WHERE change = 'merged' AND other_id IS NOT NULL
    UNION ALL
    SELECT e.client_id, min(m.client_id) AS now_id, e.snapshot
    FROM prior_client_change AS e
    JOIN prior_client_change AS m ON m.change = 'moved' AND m.other_id = e.client_id AND m.snapshot = e.snapshot
    WHERE e.change = 'emptied'
    GROUP BY e.client_id, e.snapshot
    HAVING count(DISTINCT m.client_id) = 1
) AS step
ORDER BY snapshot, client_id, now_id
