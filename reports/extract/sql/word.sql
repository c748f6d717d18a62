-- Texts that many facts have: vaccine groups, statuses, clinics.
SELECT vaccine_group AS word FROM extract_group
UNION ALL
SELECT DISTINCT vaccine_group FROM forecast
UNION ALL
SELECT DISTINCT vaccine_group FROM visit_group
UNION ALL
SELECT DISTINCT status FROM forecast
UNION ALL
SELECT DISTINCT status FROM dose_evaluation
UNION ALL
SELECT DISTINCT provider FROM immunization
