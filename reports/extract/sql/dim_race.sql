-- What the codes of race stand for.
SELECT code, name FROM extract_name WHERE kind = 'race'
