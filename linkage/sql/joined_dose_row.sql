-- The reported doses of both persons of each question, in the order of question, day and event.
SELECT p.pair AS client_id, e.event_id, e.sender, b.sender_kind, e.sender_time, e.cvx, e.mvx, e.trade_name, e.lot,
    e.lot_expiry, e.administered_on, e.historical, e.claim_number IS NOT NULL AS claimed,
    coalesce(e.condition, CASE WHEN e.completion = 'PA' THEN 'partial' END) AS condition, e.raw_code, e.eligibility,
    CAST(NULL AS VARCHAR) AS prior_immunization
FROM joined_pair AS p
JOIN client_link AS l ON l.client_id = p.client_id OR l.client_id = p.other_id
JOIN newest_event AS e ON e.record_id = l.record_id
LEFT JOIN batch_kind AS b ON b.batch_id = e.batch_id
WHERE e.action = 'A' AND e.completion IN ('CP', 'PA') AND e.administered_on IS NOT NULL
ORDER BY p.pair, e.administered_on, e.event_id
