SELECT l, r, CAST(bit_or(rules) AS INTEGER) AS rules FROM (
SELECT a.rid AS l, b.rid AS r, 1 AS rules FROM link_index AS a JOIN link_index AS b ON a.key_00 = b.key_00 AND a.rid < b.rid
UNION ALL
SELECT a.rid AS l, b.rid AS r, 2 AS rules FROM link_index AS a JOIN link_index AS b ON a.key_01 = b.key_01 AND a.rid < b.rid
) AS met GROUP BY l, r
