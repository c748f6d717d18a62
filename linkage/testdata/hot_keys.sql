SELECT key_01 AS block_key, count(*) AS records FROM link_index WHERE key_01 IS NOT NULL AND key_01 IN (SELECT key_01 FROM link_dirty) GROUP BY key_01 HAVING count(*) > 5
