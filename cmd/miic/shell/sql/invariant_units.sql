-- The deliveries whose units do not add up.
SELECT 1 AS breach FROM batch WHERE units_read <> accepted + rejected + held
