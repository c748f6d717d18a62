SELECT l, r, CAST(bit_or(rules) AS INTEGER) AS rules FROM (
SELECT least(a.rid, b.rid) AS l, greatest(a.rid, b.rid) AS r, 1 AS rules FROM link_dirty AS a JOIN link_index AS b ON a.key_00 = b.key_00 AND a.rid <> b.rid
UNION ALL
SELECT least(a.rid, b.rid) AS l, greatest(a.rid, b.rid) AS r, 2 AS rules FROM link_dirty AS a JOIN link_index AS b ON a.key_01 = b.key_01 AND a.rid <> b.rid WHERE NOT EXISTS (SELECT 1 FROM hot_01 AS h WHERE h.block_key = a.key_01)
UNION ALL
SELECT l, r, rules FROM (WITH bucketed_01 AS (SELECT rid, block_key, dirty, place, CAST(floor(place / 2) AS BIGINT) AS bucket FROM (SELECT a.rid, a.key_01 AS block_key, a.dirty, row_number() OVER (PARTITION BY a.key_01 ORDER BY a.birth_iso NULLS LAST, a.last NULLS LAST, a.first NULLS LAST, a.rid) AS place FROM link_index AS a JOIN hot_01 AS h ON h.block_key = a.key_01) AS ranked) SELECT least(a.rid, b.rid) AS l, greatest(a.rid, b.rid) AS r, 2 AS rules FROM bucketed_01 AS a JOIN bucketed_01 AS b ON a.block_key = b.block_key AND a.bucket = b.bucket AND a.place < b.place AND b.place - a.place <= 2 AND (a.dirty OR b.dirty) UNION ALL SELECT least(a.rid, b.rid) AS l, greatest(a.rid, b.rid) AS r, 2 AS rules FROM bucketed_01 AS a JOIN bucketed_01 AS b ON a.block_key = b.block_key AND a.bucket + 1 = b.bucket AND b.place - a.place <= 2 AND (a.dirty OR b.dirty)) AS near_01
) AS met GROUP BY l, r
