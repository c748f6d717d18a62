-- What results of notices, and answers of address vendors, report about the affected persons, and whether a person has judged that a letter went astray.
SELECT l.client_id, r.result_id, r.code, r.sender, r.batch_id, r.sender_time, r.happened_on,
    coalesce(b.received_on, r.happened_on) AS received_on, r.sent_to_address_1,
    r.sent_to_zip, r.sent_to_phone, r.address_1, r.address_2, r.city, r.state, r.zip,
    $note || r.result_id IN (SELECT evidence_hash FROM latest_review_item WHERE decision = 'different') AS astray
FROM latest_notice_result AS r
JOIN client_link AS l ON l.record_id = r.record_id
LEFT JOIN batch_kind AS b ON b.batch_id = r.batch_id
WHERE l.client_id IN (SELECT client_id FROM affected_client)
ORDER BY l.client_id, r.result_id
