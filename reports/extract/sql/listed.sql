-- The lists of vaccine groups that the numbers of visits stand for.
SELECT s.groups, coalesce(string_agg(n.vaccine_group, '|' ORDER BY n.vaccine_group), '') AS list
FROM (SELECT allowed AS groups FROM extract_due UNION SELECT due FROM extract_due UNION SELECT missed FROM extract_due) AS s
LEFT JOIN extract_numbered AS n ON s.groups & n.bit <> 0
GROUP BY s.groups
