-- People of the age for notices with a dose recommended by the end of the reminder window, or past due by the grace.
-- A dose without a day on which it is past due is so from its recommended day.
SELECT DISTINCT client_id
FROM open_dose
WHERE calls AND (recommended_on <= add_days($as_of, $horizon_days)
    OR add_days(coalesce(past_due_on, recommended_on), $recall_days) <= $as_of)
