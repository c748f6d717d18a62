-- What each campaign has sent, by kind, round and channel, with the cost of the pieces as far as they have a price.
-- A piece with several notices costs each of them its part.
WITH went AS (
    SELECT campaign, kind, round, channel, sent_on, client_id, price_micros, household,
        count(*) OVER (PARTITION BY snapshot, channel, household, envelope) AS sharing
    FROM sent_shown
)
SELECT campaign, kind, round, channel, count(*) AS notices, count(DISTINCT client_id) AS people,
    count(DISTINCT household) AS households, min(sent_on) AS first_on, max(sent_on) AS last_on,
    count(price_micros) AS priced, coalesce(sum(price_micros / CAST(sharing AS DOUBLE)), 0) AS cost_micros
FROM went
GROUP BY campaign, kind, round, channel
ORDER BY campaign, kind, round, channel
