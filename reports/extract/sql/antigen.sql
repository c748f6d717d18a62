-- The vaccine groups of each antigen.
SELECT antigen, CAST(vaccine_group AS extract_word) AS vaccine_group FROM extract_group
