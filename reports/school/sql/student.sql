-- The students on the rosters that are to be answered, in the order of their lists.
SELECT e.* FROM roster_entry AS e
JOIN school_open AS b ON b.batch_id = e.batch_id AND b.sender = e.sender AND b.snapshot = e.snapshot
ORDER BY e.sender, e.batch_id, e.line
