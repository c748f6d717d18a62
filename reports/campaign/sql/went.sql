-- Where the notices of regions whose collections are noted went, and when: once for each time that one was collected; of one
-- that nobody has collected, where it last would have gone.
SELECT notice_id, region, collected_on, address_1, zip
FROM (
    SELECT notice_id, region, collected_on, address_1, zip,
        max(collected_on) OVER (PARTITION BY notice_id, region) AS ever,
        row_number() OVER (PARTITION BY notice_id, region ORDER BY since_snapshot DESC) AS place
    FROM lying
) AS w
WHERE collected_on IS NOT NULL OR ever IS NULL AND place = 1
