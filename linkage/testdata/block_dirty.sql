SELECT l, r, CAST(bit_or(rules) AS INTEGER) AS rules FROM (
SELECT least(a.rid, b.rid) AS l, greatest(a.rid, b.rid) AS r, 1 AS rules FROM link_dirty AS a JOIN link_index AS b ON a.key_00 = b.key_00 AND a.rid <> b.rid
UNION ALL
SELECT least(a.rid, b.rid) AS l, greatest(a.rid, b.rid) AS r, 2 AS rules FROM link_dirty AS a JOIN link_index AS b ON a.key_01 = b.key_01 AND a.rid <> b.rid WHERE NOT EXISTS (SELECT 1 FROM hot_01 AS h WHERE h.block_key = a.key_01)
UNION ALL
SELECT a.rid AS l, b.rid AS r, 2 AS rules FROM hot_member_01 AS a JOIN hot_member_01 AS b ON a.block_key = b.block_key AND a.part = b.part AND a.rid < b.rid AND (a.dirty OR b.dirty) WHERE a.records <= 20
UNION ALL
SELECT l, r, rules FROM (WITH bucketed_01 AS (SELECT rid, block_key, part, dirty, place, CAST(floor(place / 2) AS BIGINT) AS bucket FROM (SELECT rid, block_key, part, dirty, row_number() OVER (PARTITION BY block_key, part ORDER BY birth_iso NULLS LAST, last NULLS LAST, first NULLS LAST, rid) AS place FROM hot_member_01 WHERE records > 20) AS ranked) SELECT least(a.rid, b.rid) AS l, greatest(a.rid, b.rid) AS r, 2 AS rules FROM bucketed_01 AS a JOIN bucketed_01 AS b ON a.block_key = b.block_key AND a.part = b.part AND a.bucket = b.bucket AND a.place < b.place AND b.place - a.place <= 2 AND (a.dirty OR b.dirty) UNION ALL SELECT least(a.rid, b.rid) AS l, greatest(a.rid, b.rid) AS r, 2 AS rules FROM bucketed_01 AS a JOIN bucketed_01 AS b ON a.block_key = b.block_key AND a.part = b.part AND a.bucket + 1 = b.bucket AND b.place - a.place <= 2 AND (a.dirty OR b.dirty)) AS near_01
) AS met GROUP BY l, r
