-- The notices of regions whose collections are noted, as each lay there, with the day on which it was collected so.
-- What such a region was written after the snapshot of its first note, and before it had a folder, lay in those nights' own
-- files: nobody has said that these were collected. The day is the machine's: one on which its clock was wrong is no day after
-- tonight, or an interval would not pass for as long, and none before the notice was written.
WITH gap AS (
    SELECT n.notice_id, n.region, n.issued_on
    FROM prior_notice AS n
    JOIN collection AS f ON f.region = n.region AND f.first
    WHERE NOT EXISTS (
        SELECT 1 FROM prior_open_notice AS o WHERE o.notice_id = n.notice_id AND o.region = n.region)
    GROUP BY n.notice_id, n.region, n.issued_on
    HAVING min(n.snapshot) > max(f.through)
), lay AS (
    SELECT notice_id, client_id, region, issued_on, since_snapshot, until_snapshot, collected_on, recipient, channel,
        address_1, zip, phone
    FROM prior_open_notice
    UNION ALL
    SELECT n.notice_id, n.client_id, n.region, n.issued_on, n.snapshot, CAST(NULL AS BIGINT), CAST(NULL AS DATE),
        CAST(NULL AS VARCHAR), n.channel, n.address_1, n.zip, n.phone
    FROM latest_prior_notice AS n
    JOIN gap AS g ON g.notice_id = n.notice_id AND g.region = n.region AND g.issued_on = n.issued_on
), noted AS (
    SELECT o.notice_id, o.since_snapshot, greatest(least(min(c.collected_on), $as_of), any_value(o.issued_on)) AS collected_on
    FROM lay AS o
    JOIN collection AS c ON c.region = o.region AND c.through >= o.since_snapshot
        AND (o.until_snapshot IS NULL OR o.until_snapshot > c.through)
    GROUP BY o.notice_id, o.since_snapshot
)
SELECT o.notice_id, o.client_id, o.region, o.issued_on, o.since_snapshot, o.until_snapshot,
    coalesce(o.collected_on, n.collected_on) AS collected_on, o.recipient, o.channel, o.address_1, o.zip, o.phone
FROM lay AS o
LEFT JOIN noted AS n ON n.notice_id = o.notice_id AND n.since_snapshot = o.since_snapshot
ORDER BY o.notice_id, o.since_snapshot
