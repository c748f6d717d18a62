-- Doses by antigen as the schedule judges them, numbered, with the year in which they were given and the age in completed months.
SELECT e.client_id,
    dense_rank() OVER (PARTITION BY e.client_id ORDER BY e.administered_on, e.immunization_id) AS dose, e.antigen,
    CAST(extract(year FROM e.administered_on) AS INTEGER) AS given_year,
    CAST(extract(year FROM e.administered_on) - CASE WHEN extract(month FROM e.administered_on) < 7 THEN 1 ELSE 0 END AS INTEGER) AS flu_season,
    CAST(12 * (extract(year FROM e.administered_on) - extract(year FROM c.birth_date)) + extract(month FROM e.administered_on)
        - extract(month FROM c.birth_date)
        - CASE WHEN extract(day FROM e.administered_on) < extract(day FROM c.birth_date) THEN 1 ELSE 0 END AS INTEGER) AS age_months,
    e.cvx, e.status, e.reasons, e.series, e.target_dose, i.provider, i.historical
FROM dose_evaluation AS e
JOIN client AS c ON c.client_id = e.client_id
LEFT JOIN immunization AS i ON i.client_id = e.client_id AND i.immunization_id = e.immunization_id
