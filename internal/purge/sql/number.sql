-- The numbers of the purged person: those of senders, and those that are the same everywhere.
SELECT DISTINCT sender, number
FROM (
    SELECT sender, source_client_id AS number FROM client_record WHERE record_id IN (SELECT id FROM purged_record)
    UNION ALL
    SELECT sender, chart_number FROM client_record WHERE record_id IN (SELECT id FROM purged_record)
    UNION ALL
    SELECT CAST(NULL AS VARCHAR), ssn FROM client_record WHERE record_id IN (SELECT id FROM purged_record)
    UNION ALL
    SELECT CAST(NULL AS VARCHAR), medicaid_id FROM client_record WHERE record_id IN (SELECT id FROM purged_record)
) AS n
WHERE length(number) >= 4
ORDER BY sender, number
