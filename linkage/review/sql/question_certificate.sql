-- The death certificates of the open questions about deaths.
SELECT *
FROM latest_death
WHERE death_id IN (SELECT death_id FROM open_death)
