-- Tonight's notices to people who want none, or none of the kind, and to those who have died or may have.
SELECT n.notice_id
FROM notice AS n JOIN client AS c ON c.client_id = n.client_id
WHERE n.snapshot > (SELECT coalesce(max(snapshot), 0) FROM prior_notice)
    AND (c.no_contact OR c.contact = 'none'
        OR n.kind = 'recall' AND c.contact IN ('reminder_only', 'reminder_only_no_calls')
        OR n.kind = 'reminder' AND c.contact IN ('recall_only', 'recall_only_no_calls')
        OR c.client_id IN (SELECT client_id FROM restriction WHERE kind = 'no_contact')
        OR n.channel IN ('text', 'phone') AND substr(c.contact, length(c.contact) - 8) = '_no_calls'
        OR n.channel = 'text' AND c.client_id IN (SELECT client_id FROM restriction WHERE kind = 'no_texts')
        OR n.channel = 'phone' AND c.client_id IN (SELECT client_id FROM restriction WHERE kind = 'no_calls')
        OR n.channel IN ('mail', 'postcard') AND c.client_id IN (SELECT client_id FROM restriction WHERE kind = 'no_mail')
        OR c.status = 'deceased' OR c.deceased_on IS NOT NULL OR c.client_id IN (SELECT client_id FROM death_match))
