-- The notices that were sent, of people who may be shown: the same that the outcomes count, so that no difference between
-- the files of the page tells of anybody else.
SELECT a.campaign, a.notice_id, a.client_id, a.kind, a.round, a.channel, a.sent_on, n.snapshot, n.language, n.envelope,
    n.price_micros, coalesce(CAST(n.household_id AS VARCHAR), 'of ' || a.notice_id) AS household
FROM asked_notice AS a
JOIN shown AS c ON c.client_id = a.client_id
JOIN latest_notice AS n ON n.notice_id = a.notice_id
WHERE a.arm = 'sent'
