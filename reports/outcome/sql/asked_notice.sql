-- The notices of a campaign that were sent, each once, and those that people of its control group would have got.
SELECT 'sent' AS arm, notice_id, client_id, kind, round, channel, vaccine_groups, issued_on, sent_on, snapshot
FROM sent_notice
WHERE campaign = $campaign
UNION ALL
SELECT 'control', notice_id, client_id, kind, round, channel, vaccine_groups, issued_on, issued_on, snapshot
FROM latest_control_notice
WHERE campaign = $campaign
