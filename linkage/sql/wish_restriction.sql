-- The restrictions that answers to notices ask for, of whoever has the record now.
SELECT l.client_id, r.code AS kind, 'result:' || r.result_id AS source_id, 'matched' AS basis, r.snapshot AS since_snapshot
FROM latest_notice_result AS r JOIN client_link AS l ON l.record_id = r.record_id
WHERE r.code IN ('no_mail', 'no_calls', 'no_texts', 'no_contact')
ORDER BY client_id, kind, source_id
