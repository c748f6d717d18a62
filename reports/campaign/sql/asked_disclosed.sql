-- To whom a notice's person was disclosed by the night that made it.
SELECT d.output, d.recipient
FROM disclosure AS d
WHERE d.client_id = $client AND d.snapshot = $snapshot
ORDER BY d.output
