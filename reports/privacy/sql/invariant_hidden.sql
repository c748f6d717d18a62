-- Rows about people who may appear in no output.
-- Notices and disclosures of earlier nights stay: they record what was sent before the person opted out. So do those on
-- demand: commands wrote them before this night.
WITH hidden AS (
    SELECT client_id FROM client WHERE opted_out OR locked OR sealed
    UNION
    SELECT client_id FROM restriction WHERE kind IN ('opt_out', 'lock', 'seal')
), shown AS (
    SELECT 'forecast' AS place, client_id FROM forecast
    UNION ALL SELECT 'dose_evaluation', client_id FROM dose_evaluation
    UNION ALL SELECT 'milestone', client_id FROM milestone
    UNION ALL SELECT 'visit_group', client_id FROM visit_group
    UNION ALL SELECT 'patient_status', client_id FROM patient_status
    UNION ALL SELECT 'client_history', client_id FROM client_history
    UNION ALL SELECT 'measure_result', client_id FROM measure_result
    UNION ALL SELECT 'withheld', client_id FROM withheld
    UNION ALL SELECT 'notice', client_id FROM notice
    WHERE snapshot > (SELECT coalesce(max(snapshot), 0) FROM prior_notice)
    UNION ALL SELECT 'disclosure', client_id FROM disclosure
    WHERE snapshot > (SELECT coalesce(max(snapshot), 0) FROM prior_disclosure) AND substr(output, 1, 10) <> 'on-demand/'
)
SELECT s.place, s.client_id FROM shown AS s JOIN hidden AS h ON h.client_id = s.client_id
