-- Outputs of earlier nights in which somebody was disclosed who is hidden by now: since the last time that this was looked up,
-- or by somebody who is hidden since then.
SELECT output, snapshot, why, count(DISTINCT client_id) AS people
FROM (
    SELECT d.output, d.snapshot, h.why, d.client_id
    FROM disclosure AS d
    JOIN hidden AS h ON h.client_id = d.client_id AND d.snapshot < h.before
    WHERE d.snapshot >= $since
    UNION ALL
    SELECT d.output, d.snapshot, h.why, d.client_id
    FROM disclosure AS d
    JOIN newly_hidden AS h ON h.client_id = d.client_id AND d.snapshot < h.before
    WHERE d.snapshot < $since
) AS n
GROUP BY output, snapshot, why
ORDER BY output, snapshot, why
