-- The notices that went out in the same piece, and those of other nights to the same person, which may be shown.
SELECT n.*
FROM latest_notice AS n
WHERE n.notice_id <> $notice AND n.client_id NOT IN (SELECT client_id FROM restricted)
    AND (n.client_id = $client OR n.household_id = $household AND n.envelope = $envelope AND n.snapshot = $snapshot)
ORDER BY n.issued_on, n.notice_id
