-- Notices that lie in a region's folder open/ and are in none or not once of its lists, or were not disclosed to
-- whoever receives it; and rows
-- of its files that do not lie there. A region whose files nobody may receive has no folder.
WITH lies AS (
    SELECT notice_id, client_id, region, since_snapshot, recipient FROM open_notice
    WHERE until_snapshot IS NULL AND collected_on IS NULL AND region IN (SELECT region FROM file_open)
), listed AS (
    SELECT region, notice_id, count(*) AS times FROM file_open WHERE NOT piece GROUP BY region, notice_id
), pieced AS (
    SELECT region, CAST(sum(people) AS BIGINT) AS people FROM file_open WHERE piece GROUP BY region
), counted AS (
    SELECT region, count(*) AS people FROM lies GROUP BY region
)
SELECT coalesce(o.notice_id, l.notice_id) AS notice_id
FROM lies AS o
FULL JOIN listed AS l ON l.notice_id = o.notice_id AND l.region = o.region
WHERE o.notice_id IS NULL OR l.notice_id IS NULL OR l.times <> 1
UNION ALL
SELECT o.notice_id
FROM lies AS o
LEFT JOIN disclosure AS d ON d.client_id = o.client_id AND d.snapshot = o.since_snapshot
    AND d.output = 'regions/' || o.region || '/open' AND d.recipient = o.recipient
WHERE d.client_id IS NULL
UNION ALL
SELECT c.region FROM counted AS c LEFT JOIN pieced AS p ON p.region = c.region WHERE coalesce(p.people, 0) <> c.people
