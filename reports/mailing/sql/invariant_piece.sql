-- Files of pieces in which others are than were disclosed in them when they were written, and pieces of another region.
-- They were written tonight, or are carried over from the night of the newest disclosure in them.
WITH disclosed AS (
    SELECT d.output, count(*) AS people
    FROM disclosure AS d
    WHERE d.output IN (SELECT output FROM file_piece)
        AND d.snapshot = (SELECT max(m.snapshot) FROM disclosure AS m WHERE m.output = d.output)
    GROUP BY d.output
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
