-- How many doses were given by an organisation that reports, and how many only told of?
SELECT source, count(DISTINCT CAST(person AS VARCHAR) || '-' || CAST(dose AS VARCHAR)) AS doses FROM fact_dose GROUP BY source ORDER BY source
