-- People of the campaign's age for whom some vaccine calls for a notice: it falls due within the
-- reminder window, or is past due by the recall's grace.
SELECT DISTINCT f.client_id
FROM forecast AS f
JOIN campaign_group AS g ON g.vaccine_group = f.vaccine_group AND g.calls
JOIN client AS c ON c.client_id = f.client_id
CROSS JOIN night AS n
WHERE f.kind = 'standard' AND f.status = 'Not Complete'
    AND add_months(c.birth_date, 12 * (n.oldest + 1)) > n.as_of AND c.birth_date <= n.as_of
    AND (f.recommended_on BETWEEN n.as_of AND add_days(n.as_of, n.reminder_days)
        OR add_days(f.past_due_on, n.recall_days) <= n.as_of)
    AND f.client_id NOT IN (SELECT client_id FROM restricted)
