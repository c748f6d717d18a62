-- Files of pieces in which others are than are disclosed in them tonight, and pieces of another region.
WITH disclosed AS (
    SELECT output, count(*) AS people
    FROM disclosure
    WHERE snapshot > (SELECT coalesce(max(snapshot), 0) FROM prior_disclosure) AND output IN (SELECT output FROM file_piece)
    GROUP BY output
), filed AS (
    SELECT output, CAST(sum(people) AS BIGINT) AS people FROM file_piece WHERE NOT decoy GROUP BY output
)
SELECT f.output FROM filed AS f LEFT JOIN disclosed AS d ON d.output = f.output WHERE f.people <> coalesce(d.people, 0)
UNION ALL
SELECT p.output
FROM file_piece AS p
LEFT JOIN latest_notice AS n ON n.notice_id = p.notice_id
LEFT JOIN disclosure AS d ON d.client_id = n.client_id AND d.snapshot = n.snapshot AND d.output = p.output
WHERE NOT p.decoy AND (d.client_id IS NULL OR p.folder <> 'state' AND n.region <> p.folder)
UNION ALL
SELECT output FROM file_piece WHERE folder <> 'state' AND region NOT IN ('', folder)
