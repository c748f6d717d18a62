-- How many notices of each campaign were followed by doses of what they named, by kind, round, channel and days.
-- A dose is new if it was given after the day from which the notice counts, and late-entered if it was given by then and
-- first reported by a night after it. People who may not be shown are not counted.
WITH sent AS (
    SELECT n.arm, n.campaign, n.notice_id, n.client_id, n.kind, n.round, n.channel, '|' || n.vaccine_groups || '|' AS named, n.sent_on,
        n.snapshot, n.sent_on > n.issued_on AS later
    FROM asked_notice AS n
    JOIN shown AS c ON c.client_id = n.client_id
), night AS (
    SELECT snapshot, max(received_on) AS on_day FROM batch GROUP BY snapshot
), reported AS (
    SELECT s.client_id, s.immunization_id, min(e.snapshot) AS snapshot
    FROM immunization_source AS s
    JOIN vaccination_event AS e ON e.event_id = s.event_id
    WHERE s.client_id IN (SELECT client_id FROM sent)
    GROUP BY s.client_id, s.immunization_id
), dose AS (
    SELECT i.client_id, i.immunization_id, i.administered_on, r.snapshot, t.on_day, g.vaccine_group
    FROM immunization AS i
    JOIN reported AS r ON r.client_id = i.client_id AND r.immunization_id = i.immunization_id
    JOIN night AS t ON t.snapshot = r.snapshot
    JOIN dose_group AS g ON g.cvx = i.cvx
), followed AS (
    SELECT s.arm, s.campaign, s.notice_id, s.kind, s.round, s.channel, w.days,
        count(DISTINCT CASE WHEN d.administered_on > s.sent_on AND d.administered_on <= add_days(s.sent_on, w.days)
            THEN d.immunization_id END) AS new_doses,
        count(DISTINCT CASE WHEN d.administered_on <= s.sent_on AND d.snapshot > s.snapshot
            AND (NOT s.later OR d.on_day > s.sent_on) AND d.on_day <= add_days(s.sent_on, w.days) THEN d.immunization_id END) AS late_doses
    FROM sent AS s
    JOIN outcome_window AS w ON add_days(s.sent_on, w.days) <= $as_of
    LEFT JOIN dose AS d ON d.client_id = s.client_id AND strpos(s.named, '|' || d.vaccine_group || '|') > 0
    GROUP BY s.arm, s.campaign, s.notice_id, s.kind, s.round, s.channel, w.days
), answered AS (
    SELECT notice_id, max(CASE WHEN code = 'returned' THEN 1 ELSE 0 END) AS returned,
        max(CASE WHEN code = 'vaccinated' THEN 1 ELSE 0 END) AS elsewhere
    FROM latest_notice_result
    GROUP BY notice_id
)
SELECT f.campaign, f.arm, f.kind, f.round, f.channel, f.days, count(*) AS notices,
    count(*) FILTER (WHERE f.new_doses > 0) AS with_new_dose, CAST(sum(f.new_doses) AS BIGINT) AS new_doses,
    count(*) FILTER (WHERE f.late_doses > 0) AS with_late_dose, CAST(sum(f.late_doses) AS BIGINT) AS late_doses,
    count(*) FILTER (WHERE a.returned = 1) AS returned, count(*) FILTER (WHERE a.elsewhere = 1) AS elsewhere
FROM followed AS f
LEFT JOIN answered AS a ON a.notice_id = f.notice_id
GROUP BY f.campaign, f.arm, f.kind, f.round, f.channel, f.days
ORDER BY f.campaign, f.kind, f.round, f.arm DESC, f.channel, f.days
