-- People who are disclosed in a folder's printed mail or labels and not in its list of mail, or the reverse, or twice;
-- and printed files that are disclosed and are not there.
WITH tonight AS (
    SELECT output, client_id FROM disclosure
    WHERE snapshot > (SELECT coalesce(max(snapshot), 0) FROM prior_disclosure)
), listed AS (
    SELECT p.folder, p.what, t.client_id
    FROM (SELECT DISTINCT folder, what, list FROM file_printed) AS p
    JOIN tonight AS t ON t.output = p.list
), printed AS (
    SELECT p.folder, p.what, t.client_id FROM file_printed AS p JOIN tonight AS t ON t.output = p.output
)
SELECT coalesce(l.folder, p.folder) AS folder, coalesce(l.client_id, p.client_id) AS client_id
FROM listed AS l
FULL JOIN printed AS p ON p.folder = l.folder AND p.what = l.what AND p.client_id = l.client_id
WHERE l.client_id IS NULL OR p.client_id IS NULL
UNION ALL
SELECT folder, client_id FROM printed GROUP BY folder, what, client_id HAVING count(*) > 1
UNION ALL
SELECT output, client_id FROM tonight
WHERE (output LIKE 'regions/%.pdf' OR output LIKE 'state/%.pdf') AND output NOT IN (SELECT output FROM file_printed)
