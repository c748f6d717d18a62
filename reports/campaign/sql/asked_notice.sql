-- One notice, unless its person may appear in no output.
SELECT n.*
FROM latest_notice AS n
WHERE n.notice_id = $notice AND n.client_id NOT IN (SELECT client_id FROM restricted)
