-- People of the age for notices with a dose due within the reminder window, or past due by the grace of a recall.
SELECT DISTINCT f.client_id
FROM forecast AS f
JOIN campaign_group AS g ON g.vaccine_group = f.vaccine_group AND g.calls
JOIN client AS c ON c.client_id = f.client_id
WHERE f.kind = 'standard' AND f.status = 'Not Complete'
    AND add_months(c.birth_date, 12 * ($oldest_age + 1)) > $as_of AND c.birth_date <= $as_of
    AND (f.recommended_on BETWEEN $as_of AND add_days($as_of, $reminder_days)
        OR add_days(f.past_due_on, $recall_days) <= $as_of)
    AND f.client_id NOT IN (SELECT client_id FROM restricted)
