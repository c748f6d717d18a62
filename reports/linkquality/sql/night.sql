-- What linkage changed and asked on the last nights, a row for each night and figure.
WITH change AS (
    SELECT snapshot, change AS figure, count(*) AS amount FROM client_change GROUP BY snapshot, change
    UNION ALL
    SELECT snapshot, CASE decision WHEN 'open' THEN 'raised' WHEN 'withdrawn' THEN 'withdrawn' ELSE 'judged' END, count(*)
    FROM review_item
    GROUP BY 1, 2
), night AS (
    SELECT snapshot, max(received_on) AS on_day FROM latest_batch WHERE received_on IS NOT NULL GROUP BY snapshot
), ranked AS (
    SELECT snapshot, on_day, row_number() OVER (ORDER BY snapshot DESC) AS place FROM night
)
SELECT n.snapshot, n.on_day, coalesce(c.figure, '') AS figure, CAST(coalesce(c.amount, 0) AS BIGINT) AS amount
FROM ranked AS n
LEFT JOIN change AS c ON c.snapshot = n.snapshot
WHERE n.place <= $nights
ORDER BY n.snapshot, figure
