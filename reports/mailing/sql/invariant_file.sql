-- Rows of the files of another region or kind, or without a notice or a disclosure, and notices that appear twice.
SELECT f.output, f.notice_id
FROM file_letter AS f
LEFT JOIN latest_notice AS n ON n.notice_id = f.notice_id
LEFT JOIN client AS c ON c.client_id = n.client_id
LEFT JOIN disclosure AS d ON d.client_id = n.client_id AND d.snapshot = n.snapshot AND d.output = f.output
WHERE n.notice_id IS NULL OR d.client_id IS NULL
    OR f.region <> f.folder OR f.row_kind <> f.kind OR n.region <> f.folder OR n.kind <> f.kind
    OR c.region IS NULL OR c.region <> f.folder OR coalesce(c.county_fips, '') <> f.county_fips
UNION ALL
SELECT min(output), notice_id FROM file_letter GROUP BY notice_id HAVING count(*) > 1
