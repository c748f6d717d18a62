-- Tonight's doses that are said to have been given, beside their clients.
SELECT e.file_no, e.unit, e.line AS line_no, e.unit_offset, e.cvx, e.mvx, e.lot, e.lot_expiry, e.volume, e.administered_on, e.historical, e.route,
    e.site, e.provider, e.funding, e.eligibility, CAST(e.sender_time AS DATE) AS sent_on, f.sender_kind = 'clinic' AS sender_gives,
    k.born, k.died_on
FROM staged_event AS e
JOIN tonight_file AS f ON f.file_no = e.file_no
LEFT JOIN check_subject AS k ON k.sender = e.sender AND k.source_client_id = e.source_client_id
LEFT JOIN dropped_unit AS d ON d.file_no = e.file_no AND d.unit = e.unit
WHERE e.action = 'A' AND d.unit IS NULL
