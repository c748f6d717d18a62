-- How many of two words beside each other in a note are the name of somebody who was reported tonight.
SELECT count(*)
FROM client_record AS r
JOIN word_pair AS w ON w.first_word = upper(r.first_name) AND w.last_word = upper(r.last_name)
WHERE r.snapshot > (SELECT coalesce(max(snapshot), 0) FROM prior_client_record)
