-- The stored pairs of records that are still as they were compared, by weight, rules and what became of them.
WITH record AS (
    SELECT l.record_id, l.client_id, s.content_hash
    FROM client_link AS l
    JOIN standard_record AS s ON s.record_id = l.record_id
), waiting AS (
    SELECT DISTINCT least(a.client_id, b.client_id) AS one, greatest(a.client_id, b.client_id) AS other
    FROM latest_review_item AS q
    JOIN client_link AS a ON a.record_id = q.record_l
    JOIN client_link AS b ON b.record_id = q.record_r
    WHERE q.decision = 'open'
)
SELECT CAST(floor(p.match_weight / $width) AS BIGINT) AS bin, p.match_weight >= $link AS bears,
    CASE WHEN a.client_id = b.client_id THEN 'linked' WHEN w.one IS NOT NULL THEN 'review' ELSE 'apart' END AS became,
    CASE WHEN p.p_match >= $sure THEN p.rules ELSE 0 END AS rules, count(*) AS pairs, sum(p.p_match) AS expected
FROM latest_scored_pair AS p
JOIN record AS a ON a.record_id = p.record_l AND a.content_hash = p.hash_l
JOIN record AS b ON b.record_id = p.record_r AND b.content_hash = p.hash_r
LEFT JOIN waiting AS w ON w.one = least(a.client_id, b.client_id) AND w.other = greatest(a.client_id, b.client_id)
GROUP BY 1, 2, 3, 4
ORDER BY 1, 2, 3, 4
