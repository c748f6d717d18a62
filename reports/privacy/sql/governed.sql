-- People of a night whom no output may show now: restricted in it, or, by any record, restricted in the newest.
SELECT client_id FROM restricted
UNION
SELECT old.client_id
FROM old_link AS old JOIN client_link AS now ON now.record_id = old.record_id
WHERE now.client_id IN (SELECT client_id FROM restricted)
