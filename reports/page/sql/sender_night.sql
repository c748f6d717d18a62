-- What each sender has delivered on its last nights with a delivery, the newest first; files of corrected lines and what was
-- taken out again are no deliveries.
WITH night AS (
    SELECT sender, received_on, max(sender_kind) AS sender_kind, count(*) AS files,
        count(*) FILTER (WHERE status = 'refused') AS refused_files, CAST(sum(units_read) AS BIGINT) AS units_read,
        CAST(sum(accepted) AS BIGINT) AS accepted, CAST(sum(rejected) AS BIGINT) AS rejected,
        CAST(sum(held) AS BIGINT) AS held
    FROM latest_batch
    WHERE sender <> '' AND replay_of IS NULL
        AND status NOT IN ('backed_out', 'left_out', 'declined', 'left', 'stray', 'settled')
    GROUP BY sender, received_on
), ranked AS (
    SELECT sender, received_on, sender_kind, files, refused_files, units_read, accepted, rejected, held,
        row_number() OVER (PARTITION BY sender ORDER BY received_on DESC) AS place
    FROM night
)
SELECT sender, received_on, sender_kind, files, refused_files, units_read, accepted, rejected, held
FROM ranked
WHERE place <= $nights
ORDER BY sender, received_on DESC
