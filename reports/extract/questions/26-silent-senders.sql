-- When did each sender last deliver?
SELECT c.clinic, c.name, max(q.received_on) AS last_delivery, count(DISTINCT q.delivery) AS deliveries
FROM dim_clinic AS c LEFT JOIN fact_quality AS q ON q.clinic = c.clinic
GROUP BY c.clinic, c.name ORDER BY last_delivery, c.clinic
