-- Tonight's requests that restrict nobody, although a record has their name, birth date and ZIP code.
SELECT q.request_id
FROM latest_request AS q
JOIN standard_record AS s ON s.first = upper(q.first_name) AND s.last = upper(q.last_name)
    AND s.birth_date = q.birth_date AND s.zip = substr(q.zip, 1, 5)
WHERE q.snapshot > (SELECT coalesce(max(snapshot), 0) FROM prior_request)
    AND q.kind IN ('opt_out', 'lock', 'no_contact', 'seal') AND NOT s.withdrawn
    AND q.request_id NOT IN (SELECT source_id FROM restriction)
    AND q.request_id NOT IN (SELECT request_id FROM settlement)
