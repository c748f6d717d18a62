-- Tonight's doses that were given, beside their clients and the time in which the vaccine was on the market.
-- That of its manufacturer, else of any.
SELECT e.file_no, e.unit, e.line AS line_no, e.unit_offset, e.cvx, e.mvx, e.lot, e.lot_expiry, e.volume, e.administered_on, e.historical, e.route,
    e.site, e.provider, e.funding, e.eligibility, CAST(e.sender_time AS DATE) AS sent_on, f.sender_kind = 'clinic' AS sender_gives,
    k.born, k.died_on,
    CASE WHEN k.born IS NULL OR e.administered_on IS NULL THEN 'unknown'
         WHEN e.administered_on < k.turns_2 THEN '0-1'
         WHEN e.administered_on < k.turns_7 THEN '2-6'
         WHEN e.administered_on < k.turns_18 THEN '7-17' ELSE '18 or more' END AS age,
    CASE WHEN m.cvx IS NULL THEN a.licensed_from ELSE m.licensed_from END AS licensed_from,
    CASE WHEN m.cvx IS NULL THEN a.licensed_until ELSE m.licensed_until END AS licensed_until
FROM staged_event AS e
JOIN tonight_file AS f ON f.file_no = e.file_no
LEFT JOIN dose_generation AS g ON g.file_no = e.file_no AND g.line = e.line
LEFT JOIN check_subject AS k ON k.sender = e.sender AND k.source_client_id = e.source_client_id AND k.generation = coalesce(g.generation, 1)
LEFT JOIN licence AS m ON m.cvx = e.cvx AND m.mvx = e.mvx AND m.mvx <> ''
LEFT JOIN licence AS a ON a.cvx = e.cvx AND a.mvx = ''
LEFT JOIN dropped_unit AS d ON d.file_no = e.file_no AND d.unit = e.unit
WHERE e.action = 'A' AND d.unit IS NULL
