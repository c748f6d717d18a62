-- Files whose rows are not as many as the people disclosed in them tonight.
WITH disclosed AS (
    SELECT output, count(*) AS people FROM disclosure
    WHERE snapshot > (SELECT coalesce(max(snapshot), 0) FROM prior_disclosure) AND substr(output, 1, 8) = 'regions/'
        AND (output LIKE '%/reminder.csv' OR output LIKE '%/recall.csv')
    GROUP BY output
), filed AS (
    SELECT output, count(*) AS people FROM file_letter GROUP BY output
)
SELECT d.output FROM disclosed AS d LEFT JOIN filed AS f ON f.output = d.output
WHERE coalesce(f.people, 0) <> d.people
