-- Coverage as it was published.
SELECT * FROM publication
