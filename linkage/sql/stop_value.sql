SELECT 'phone' AS field, phone AS value FROM standard_now WHERE phone IS NOT NULL GROUP BY phone HAVING count(*) > $stop
UNION ALL
SELECT DISTINCT 'street', street FROM standard_now WHERE street IS NOT NULL GROUP BY street, zip HAVING count(*) > $stop
UNION ALL
SELECT 'email', email FROM standard_now WHERE email IS NOT NULL GROUP BY email HAVING count(*) > $stop
UNION ALL
SELECT 'ssn', ssn FROM standard_now WHERE ssn IS NOT NULL GROUP BY ssn HAVING count(*) > $stop
UNION ALL
SELECT 'medicaid_id', medicaid_id FROM standard_now WHERE medicaid_id IS NOT NULL GROUP BY medicaid_id HAVING count(*) > $stop
