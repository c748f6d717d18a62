-- How complete are the fields that each sender delivers?
SELECT clinic, item, sum(numerator) AS filled, sum(denominator) AS looked_at
FROM fact_quality WHERE figure = 'complete'
GROUP BY clinic, item ORDER BY clinic, item
