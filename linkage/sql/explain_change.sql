SELECT h.*
FROM client_change AS h
LEFT JOIN client AS c ON c.client_id = h.client_id
LEFT JOIN client AS o ON o.client_id = h.other_id
WHERE (h.client_id = $client OR h.other_id = $client)
    AND NOT (coalesce(c.opted_out, false) OR coalesce(c.locked, false) OR coalesce(c.sealed, false))
    AND NOT (coalesce(o.opted_out, false) OR coalesce(o.locked, false) OR coalesce(o.sealed, false))
ORDER BY h.snapshot, h.client_id, h.change, h.other_id, h.record_id
