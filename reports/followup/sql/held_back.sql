-- For whom each campaign calls tonight and who gets no notice, by the first reason that holds.
SELECT campaign, reason, count(*) AS people
FROM withheld
GROUP BY campaign, reason
ORDER BY campaign, people DESC, reason
