-- The outputs that disclose somebody tonight, with who receives each; what commands wrote before tonight was asked then.
SELECT DISTINCT output, recipient, recipient_kind, legal_basis, purpose
FROM disclosure
WHERE snapshot > (SELECT coalesce(max(snapshot), 0) FROM prior_disclosure) AND substr(output, 1, 10) <> 'on-demand/'
ORDER BY output
