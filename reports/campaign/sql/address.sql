-- The addresses of people who are written to, by their own words, with what an address vendor last said about each.
SELECT c.client_id, coalesce(nullif(c.guardian_last, ''), c.last_name, '') AS surname,
    c.address_1, c.address_2, c.city, c.state, c.zip,
    a.std_address_1, a.std_address_2, a.std_city, a.std_state, a.std_zip5, a.std_zip4, a.delivery_point, a.dpv_code,
    a.ncoa_code, a.processed_on
FROM written_to AS w
JOIN client AS c ON c.client_id = w.client_id
LEFT JOIN latest_address_answer AS a ON a.address_1 = c.address_1 AND a.zip = c.zip
    AND coalesce(a.address_2, '') = coalesce(c.address_2, '') AND coalesce(a.city, '') = coalesce(c.city, '')
    AND coalesce(a.state, '') = coalesce(c.state, '')
    AND coalesce(a.surname, '') = coalesce(nullif(c.guardian_last, ''), c.last_name, '')
ORDER BY c.client_id
