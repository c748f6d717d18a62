-- The numbers of tonight's notices among all that there have been, in the order of the nights that first made them.
WITH made AS (
    SELECT notice_id, min(snapshot) AS snapshot
    FROM (
        SELECT notice_id, snapshot FROM prior_notice
        UNION ALL SELECT notice_id, serial FROM posted
    ) AS every
    GROUP BY notice_id
), numbered AS (
    SELECT notice_id, row_number() OVER (ORDER BY snapshot, notice_id) AS serial FROM made
)
SELECT n.notice_id, n.serial
FROM numbered AS n
JOIN posted AS p ON p.notice_id = n.notice_id
ORDER BY n.notice_id
