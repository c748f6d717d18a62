-- The reported doses of the affected persons, in the order of person, day and event.
SELECT l.client_id, e.event_id, e.sender, b.sender_kind, e.sender_time, e.cvx, e.mvx, e.trade_name, e.lot, e.lot_expiry,
    e.administered_on,
    e.historical, e.claim_number IS NOT NULL AS claimed, coalesce(e.condition, CASE WHEN e.completion = 'PA' THEN 'partial' END) AS condition, e.raw_code,
    e.eligibility, s.immunization_id AS prior_immunization
FROM newest_event AS e
JOIN client_link AS l ON l.record_id = e.record_id
LEFT JOIN batch_kind AS b ON b.batch_id = e.batch_id
LEFT JOIN (
    SELECT event_id, immunization_id FROM prior_immunization_source WHERE client_id IN (SELECT client_id FROM affected_client)
) AS s ON s.event_id = e.event_id
WHERE e.action = 'A' AND e.completion IN ('CP', 'PA') AND e.administered_on IS NOT NULL
    AND l.client_id IN (SELECT client_id FROM affected_client)
ORDER BY l.client_id, e.administered_on, e.event_id
