-- The notices of regions whose collections are noted, with the day on which each was collected, by tonight's knowledge.
SELECT o.notice_id, min(o.client_id) AS client_id, min(o.region) AS region, min(o.issued_on) AS issued_on,
    min(o.since_snapshot) AS since_snapshot, min(o.until_snapshot) AS until_snapshot,
    coalesce(min(o.collected_on), min(c.collected_on)) AS collected_on
FROM prior_open_notice AS o
LEFT JOIN collection AS c ON c.region = o.region AND c.through >= o.since_snapshot
    AND (o.until_snapshot IS NULL OR o.until_snapshot > c.through)
GROUP BY o.notice_id
ORDER BY o.notice_id
