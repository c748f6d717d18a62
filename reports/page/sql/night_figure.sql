-- Figures of tonight and of the last nights on which a file came, a row for each night and figure that is not 0.
WITH ranked AS (
    SELECT snapshot, row_number() OVER (ORDER BY snapshot DESC) AS place
    FROM (SELECT DISTINCT snapshot FROM latest_batch WHERE status NOT IN ('backed_out', 'left_out', 'declined') AND snapshot < $snapshot) AS earlier
), night AS (
    SELECT snapshot FROM ranked WHERE place <= $nights
    UNION ALL SELECT CAST($snapshot AS BIGINT)
), line AS (
    SELECT snapshot, 'files' AS figure, count(*) AS amount FROM latest_batch WHERE status NOT IN ('backed_out', 'left_out', 'declined')
    GROUP BY snapshot
    UNION ALL SELECT snapshot, 'units_read', sum(units_read) FROM latest_batch WHERE status NOT IN ('backed_out', 'left_out', 'declined')
    GROUP BY snapshot
    UNION ALL SELECT snapshot, 'accepted', sum(accepted) FROM latest_batch WHERE status NOT IN ('backed_out', 'left_out', 'declined') GROUP BY snapshot
    UNION ALL SELECT snapshot, 'refused', sum(rejected) FROM latest_batch WHERE status NOT IN ('backed_out', 'left_out', 'declined') GROUP BY snapshot
    UNION ALL SELECT snapshot, 'held', sum(held) FROM latest_batch WHERE status NOT IN ('backed_out', 'left_out', 'declined') GROUP BY snapshot
    UNION ALL SELECT snapshot, 'doubted', count(*) FROM rejected WHERE severity = 'warn' GROUP BY snapshot
    UNION ALL SELECT snapshot, change, count(*) FROM client_change GROUP BY snapshot, change
    UNION ALL SELECT snapshot, 'questions', count(*) FROM review_item WHERE decision = 'open' GROUP BY snapshot
    UNION ALL SELECT snapshot, kind, count(*) FROM notice GROUP BY snapshot, kind
)
SELECT n.snapshot, coalesce(l.figure, 'files') AS figure, CAST(coalesce(l.amount, 0) AS BIGINT) AS amount
FROM night AS n
LEFT JOIN line AS l ON l.snapshot = n.snapshot
ORDER BY n.snapshot DESC, figure
