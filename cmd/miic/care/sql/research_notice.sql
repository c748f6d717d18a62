-- Reminders and recalls, without addresses.
SELECT client_id, campaign, kind, round, channel, language, region, vaccine_groups, CAST(extract(year FROM issued_on) AS INTEGER) AS issued_year
FROM notice WHERE client_id NOT IN (SELECT client_id FROM restriction WHERE kind IN ('opt_out', 'lock', 'seal'))
