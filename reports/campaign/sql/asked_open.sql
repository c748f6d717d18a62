-- How a notice lay in its region's folder open/; what was collected comes last.
SELECT since_snapshot, until_snapshot, channel, collected_on
FROM open_notice
WHERE notice_id = $notice AND region = $region
ORDER BY collected_on NULLS FIRST, since_snapshot
