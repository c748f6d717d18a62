-- Figures of the summaries that do not add up.
-- A region's own summary against its part in the state's, the parts' sum against the state, mailed against the files.
-- A region whose files nobody may receive has none: nobody in it is mailed.
WITH figure AS (
    SELECT folder, region, kind, outcome, reason, people FROM file_summary WHERE outcome <> 'hidden'
), own AS (
    SELECT folder AS region, kind, outcome, reason, people FROM figure WHERE folder <> 'state' AND region = folder
), part AS (
    SELECT region, kind, outcome, reason, people FROM figure WHERE folder = 'state' AND region <> 'state'
), total AS (
    SELECT kind, outcome, reason, people FROM figure WHERE folder = 'state' AND region = 'state'
), summed AS (
    SELECT kind, outcome, reason, CAST(sum(people) AS BIGINT) AS people FROM part GROUP BY kind, outcome, reason
), filed AS (
    SELECT folder AS region, kind, count(*) AS people FROM file_letter GROUP BY folder, kind
)
SELECT coalesce(o.region, p.region) AS region, coalesce(o.kind, p.kind) AS kind
FROM own AS o
FULL JOIN (SELECT * FROM part WHERE region IN (SELECT region FROM own)) AS p ON p.region = o.region AND p.kind = o.kind AND p.outcome = o.outcome AND p.reason = o.reason
WHERE o.people IS NULL OR p.people IS NULL OR o.people <> p.people
UNION ALL
SELECT 'state', coalesce(s.kind, t.kind)
FROM summed AS s
FULL JOIN total AS t ON t.kind = s.kind AND t.outcome = s.outcome AND t.reason = s.reason
WHERE s.people IS NULL OR t.people IS NULL OR s.people <> t.people
UNION ALL
SELECT o.region, o.kind
FROM part AS o LEFT JOIN filed AS f ON f.region = o.region AND f.kind = o.kind
WHERE o.outcome = 'mailed' AND coalesce(o.reason, '') = '' AND o.people <> coalesce(f.people, 0)
UNION ALL
SELECT folder, kind FROM figure WHERE folder <> 'state' AND region <> folder
