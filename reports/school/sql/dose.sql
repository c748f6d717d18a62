-- The doses of the students that were surely matched, with what the chosen report has about how they were given.
WITH dose AS (
    SELECT m.place, i.* FROM immunization AS i
    JOIN asked_match AS m ON m.client_id = i.client_id
), version AS (
    SELECT v.event_id, v.cpt, v.route, v.site,
        row_number() OVER (PARTITION BY v.event_id
            ORDER BY v.sender_time DESC NULLS LAST, v.snapshot DESC, v.batch_id DESC, v.line DESC) AS newest
    FROM vaccination_event AS v
    WHERE v.event_id IN (SELECT event_id FROM dose)
)
SELECT d.place, d.immunization_id, d.administered_on, d.cvx, d.mvx, d.trade_name, d.lot, d.historical, d.condition, v.cpt, v.route, v.site
FROM dose AS d
LEFT JOIN version AS v ON v.event_id = d.event_id AND v.newest = 1
ORDER BY d.place, d.administered_on, d.immunization_id
