-- People who have come to an age, since the parent's night, at which their result may change.
SELECT client_id FROM client AS c
WHERE EXISTS (SELECT 1 FROM measured_age AS a
    WHERE add_days(add_months(c.birth_date, a.months), a.days) > $prior
        AND add_days(add_months(c.birth_date, a.months), a.days) <= $as_of)
