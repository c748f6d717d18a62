-- How many open questions are about people who may have opted out or be locked, and have come again under another name.
SELECT count(*) FROM latest_review_item
WHERE decision = 'open' AND substr(reason, 1, 39) = 'may be a person who has opted out or is'
