-- The doses that people of the age for notices need, now or one day, with whether some campaign is about them.
-- A dose without a recommended day is recommended from the first day on which it may be given; where the data gives
-- none at all, from the birth. One that rests on an assumed season counts only where the site has it so.
SELECT f.client_id, f.vaccine_group, f.dose_number, g.vaccine_group IS NOT NULL AS named, coalesce(g.calls, false) AS calls,
    coalesce(f.recommended_on, f.earliest_on, c.birth_date) AS recommended_on, f.past_due_on, f.refused_on
FROM forecast AS f
LEFT JOIN campaign_group AS g ON g.vaccine_group = f.vaccine_group
JOIN client AS c ON c.client_id = f.client_id
WHERE f.kind = 'standard' AND f.status = 'Not Complete'
    AND add_months(c.birth_date, $until_months) > $as_of AND c.birth_date <= $as_of
    AND (NOT f.assumed OR $assumed_seasons)
    AND f.client_id NOT IN (SELECT client_id FROM restricted)
