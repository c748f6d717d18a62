-- The outputs that disclose somebody tonight, with who receives each; what commands wrote before tonight was asked then.
-- A record that answers the person's own request goes to nobody who has an entry.
SELECT DISTINCT output, recipient, recipient_kind, legal_basis, purpose
FROM disclosure
WHERE snapshot > (SELECT coalesce(max(snapshot), 0) FROM prior_disclosure) AND substr(output, 1, 10) <> 'on-demand/'
    AND NOT (substr(output, 1, 8) = 'records/' AND recipient_kind = 'person or guardian')
ORDER BY output
