-- Visits of a span of days on which something was due, and those on which it was not given, by clinic and vaccine group; over
-- all clinics, and over all groups but those with seasons.
WITH shown AS (
    SELECT client_id, visited_on, coalesce(clinic, '') AS clinic, vaccine_group, seasonal, given, refused
    FROM visit_group
    WHERE due_since IS NOT NULL AND visited_on BETWEEN $since AND $until AND client_id NOT IN (SELECT client_id FROM hidden_person)
), visit AS (
    SELECT clinic, vaccine_group, 1 AS visits, CASE WHEN given THEN 0 ELSE 1 END AS missed, CASE WHEN refused THEN 1 ELSE 0 END AS refused
    FROM shown
    UNION ALL
    SELECT clinic, 'all', 1, max(CASE WHEN given THEN 0 ELSE 1 END), min(CASE WHEN given OR refused THEN 1 ELSE 0 END)
        * max(CASE WHEN given THEN 0 ELSE 1 END)
    FROM shown WHERE NOT seasonal GROUP BY client_id, visited_on, clinic
)
SELECT level, clinic, vaccine_group, count(*) AS visits, CAST(sum(missed) AS BIGINT) AS missed,
    CAST(sum(refused) AS BIGINT) AS refused
FROM (
    SELECT CASE clinic WHEN '' THEN $none ELSE $one END AS level, clinic, vaccine_group, missed, refused FROM visit
    UNION ALL
    SELECT $all, '', vaccine_group, missed, refused FROM visit
) AS v
GROUP BY level, clinic, vaccine_group
ORDER BY level, clinic, vaccine_group
