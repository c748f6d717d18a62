-- The people whose forecast could be another one tonight although nothing new is known of them.
-- A row's day has come, or a birthday that begins or ends a milestone lies between the parent's date and tonight's: three days
-- more on either side, since calendars differ in how they add months at the end of February. Or a new year has begun, and with it
-- a year's visits are kept no longer.
SELECT client_id FROM prior_forecast WHERE recompute_on <= $as_of
UNION
SELECT c.client_id
FROM client AS c
JOIN milestone_age AS m
    ON add_months(c.birth_date, m.months) BETWEEN add_days($prior_as_of, -3) AND add_days($as_of, 3)
    OR add_months(c.birth_date, m.until) BETWEEN add_days($prior_as_of, -3) AND add_days($as_of, 3)
UNION
SELECT client_id FROM prior_visit_group WHERE $prior_visits_from < $visits_from AND visited_on < $visits_from
