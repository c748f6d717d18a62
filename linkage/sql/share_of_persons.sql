-- How many persons there were in the parent snapshot, with a birth certificate and with a dose.
SELECT count(*) AS persons, count(*) FILTER (WHERE has_birth_record) AS certified,
    (SELECT count(DISTINCT client_id) FROM prior_immunization) AS dosed
FROM prior_client
