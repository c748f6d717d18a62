-- Reminders and recalls, without addresses.
SELECT client_id, campaign, kind, round, channel, language, region, vaccine_groups, CAST(extract(year FROM issued_on) AS INTEGER) AS issued_year
FROM notice
