-- Rows of the lists that recipients have asked for without a notice or a disclosure, twice, or of the wrong side of the
-- region's border; and people who are disclosed in such a list tonight and are not in it.
WITH told AS (
    SELECT output, client_id FROM disclosure
    WHERE snapshot > (SELECT coalesce(max(snapshot), 0) FROM prior_disclosure)
        AND (output LIKE 'regions/%/counties.csv' OR output LIKE 'regions/%/outside.csv')
), listed AS (
    SELECT f.output, n.client_id FROM file_cut AS f JOIN latest_notice AS n ON n.notice_id = f.notice_id
)
SELECT f.output, f.notice_id
FROM file_cut AS f
LEFT JOIN latest_notice AS n ON n.notice_id = f.notice_id
LEFT JOIN disclosure AS d ON d.client_id = n.client_id AND d.snapshot = n.snapshot AND d.output = f.output
WHERE n.notice_id IS NULL OR d.client_id IS NULL OR n.region <> f.region OR f.outside = (f.region = f.folder)
UNION ALL
SELECT output, notice_id FROM file_cut GROUP BY output, notice_id HAVING count(*) > 1
UNION ALL
SELECT t.output, '' AS notice_id
FROM told AS t
LEFT JOIN listed AS l ON l.output = t.output AND l.client_id = t.client_id
WHERE l.client_id IS NULL
