-- What each campaign has sent, by kind, round and channel, with the cost of the pieces as far as they have a price.
-- A piece with several notices costs each of them its part.
WITH went AS (
    SELECT s.campaign, s.kind, s.round, s.channel, s.sent_on, s.client_id, n.price_micros,
        coalesce(CAST(n.household_id AS VARCHAR), 'of ' || s.notice_id) AS household,
        count(*) OVER (PARTITION BY n.snapshot, s.channel, coalesce(CAST(n.household_id AS VARCHAR), 'of ' || s.notice_id), n.envelope)
            AS sharing
    FROM sent_notice AS s
    JOIN latest_notice AS n ON n.notice_id = s.notice_id
)
SELECT campaign, kind, round, channel, count(*) AS notices, count(DISTINCT client_id) AS people,
    count(DISTINCT household) AS households, min(sent_on) AS first_on, max(sent_on) AS last_on,
    count(price_micros) AS priced, coalesce(sum(price_micros / CAST(sharing AS DOUBLE)), 0) AS cost_micros
FROM went
GROUP BY campaign, kind, round, channel
ORDER BY campaign, kind, round, channel
