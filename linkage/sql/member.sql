SELECT rid, record_id, birth_cert, birth_order, multiple FROM link_index $where ORDER BY rid
