-- Mail that the state's file has and no region's, or the reverse, or twice.
WITH mail AS (
    SELECT notice_id, people, count(*) FILTER (WHERE folder = 'state') AS of_state,
        count(*) FILTER (WHERE folder <> 'state') AS of_regions
    FROM file_piece
    WHERE region <> ''
    GROUP BY notice_id, people
)
SELECT notice_id FROM mail WHERE of_state <> of_regions OR of_state > 1
