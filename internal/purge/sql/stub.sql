-- Whether a request surely opts a person out.
SELECT count(*)
FROM restriction AS r JOIN request AS q ON q.request_id = r.source_id
WHERE r.client_id = $client AND r.kind = 'opt_out' AND r.basis IN ('matched', 'operator')
