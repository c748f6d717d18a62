-- What the codes of ethnicity stand for.
SELECT code, name FROM extract_name WHERE kind = 'ethnicity'
