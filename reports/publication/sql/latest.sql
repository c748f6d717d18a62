-- The latest publication.
SELECT * FROM publication WHERE published_on = (SELECT max(published_on) FROM publication)
