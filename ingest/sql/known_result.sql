-- Tonight's results of notices, with the notice, where it went, and a record of whoever it was written to.
SELECT r.result_id, r.notice_id, a.client_id, a.record_id, r.sender, r.snapshot, r.batch_id, r.line, r.sender_time, r.code,
    r.happened_on, a.address_1 AS sent_to_address_1, a.zip AS sent_to_zip, a.phone AS sent_to_phone,
    r.address_1, r.address_2, r.city, r.state, r.zip, r.content_hash,
    r.file_no, r.unit, r.unit_offset, r.unit_key, r.unit_hash
FROM staged_result AS r
LEFT JOIN addressee AS a ON a.notice_id = r.notice_id
