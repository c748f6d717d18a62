-- Nights on which a notice to somebody who is hidden by now lay in a region's folder open/.
SELECT o.region, o.channel, o.since_snapshot, coalesce(o.until_snapshot, $tonight) AS until_snapshot, h.why,
    count(DISTINCT o.client_id) AS people
FROM open_notice AS o
JOIN hidden AS h ON h.client_id = o.client_id AND o.since_snapshot < h.before
WHERE o.recipient IS NOT NULL AND o.since_snapshot < $tonight
GROUP BY o.region, o.channel, o.since_snapshot, coalesce(o.until_snapshot, $tonight), h.why
ORDER BY o.region, o.channel, o.since_snapshot, until_snapshot, h.why
