-- Fingerprints of the dose ids that tonight's files have more than once: few.
SELECT key_hash FROM staged_event GROUP BY key_hash HAVING count(*) > 1
