-- The notices of a campaign, each once, and those that people of its control group would have got.
SELECT 'sent' AS arm, notice_id, min(client_id) AS client_id, min(kind) AS kind, min(round) AS round, min(channel) AS channel,
    min(vaccine_groups) AS vaccine_groups, min(issued_on) AS issued_on, min(snapshot) AS snapshot
FROM notice
WHERE campaign = $campaign
GROUP BY notice_id
UNION ALL
SELECT 'control', notice_id, client_id, kind, round, channel, vaccine_groups, issued_on, snapshot
FROM latest_control_notice
WHERE campaign = $campaign
