-- What of each vaccine group was given, allowed and due at each visit, numbered, with the year.
SELECT client_id, dense_rank() OVER (PARTITION BY client_id ORDER BY visited_on) AS visit,
    CAST(extract(year FROM visited_on) AS INTEGER) AS visit_year, vaccine_group, clinic, given, allowed_since IS NOT NULL AS allowed,
    due_since IS NOT NULL AS due, refused, seasonal
FROM visit_group
