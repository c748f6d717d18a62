-- The letters of HEAD's day that an upgrade adds, drops or changes, by cause: the first that holds of each person.
WITH letter AS (
    SELECT coalesce(a.client_id, b.client_id) AS client_id,
        CASE WHEN b.client_id IS NULL THEN 'added' WHEN a.client_id IS NULL THEN 'dropped' ELSE 'changed' END AS letter
    FROM (SELECT client_id, max(notice_id) AS notice_id FROM after_notice WHERE issued_on = $as_of AND snapshot = $snapshot GROUP BY client_id) AS a
    FULL OUTER JOIN (
        SELECT client_id, max(notice_id) AS notice_id FROM before_notice
        WHERE issued_on = $as_of AND snapshot = (SELECT max(snapshot) FROM before_notice WHERE issued_on = $as_of)
        GROUP BY client_id
    ) AS b ON b.client_id = a.client_id
    WHERE a.notice_id IS NULL OR b.notice_id IS NULL OR a.notice_id <> b.notice_id
)
SELECT l.letter,
    CASE WHEN l.client_id IN (SELECT client_id FROM client_change WHERE snapshot = $snapshot UNION SELECT other_id FROM client_change WHERE snapshot = $snapshot)
             THEN 'the person was created, merged or split'
         WHEN l.client_id IN (SELECT client_id FROM changed_restriction) THEN 'a restriction begins or ends'
         WHEN l.client_id IN (SELECT client_id FROM changed_immunization) THEN 'other doses count as one'
         WHEN l.client_id IN (SELECT client_id FROM changed_forecast) THEN 'the forecast is another'
         WHEN l.client_id IN (SELECT client_id FROM changed_client) THEN 'address, contact or questions about the person changed'
         ELSE 'the rules of the campaign' END AS cause,
    count(*) AS letters
FROM letter AS l
GROUP BY 1, 2
ORDER BY 1, 2
