-- Tonight's doses that are said to have been given, for what need not know their clients.
SELECT e.file_no, e.cvx, e.mvx, e.lot, e.lot_expiry, e.volume, e.administered_on, e.historical, e.route, e.site, e.provider, e.funding, e.eligibility
FROM staged_event AS e
LEFT JOIN dropped_unit AS d ON d.file_no = e.file_no AND d.unit = e.unit
WHERE e.action = 'A' AND d.unit IS NULL
