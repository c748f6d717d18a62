-- Outputs of earlier nights in which somebody was disclosed who is hidden by now.
SELECT d.output, d.snapshot, h.why, count(DISTINCT d.client_id) AS people
FROM disclosure AS d
JOIN hidden AS h ON h.client_id = d.client_id AND d.snapshot < h.before
GROUP BY d.output, d.snapshot, h.why
ORDER BY d.output, d.snapshot, h.why
