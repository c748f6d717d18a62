-- What the codes of language stand for.
SELECT code, name FROM extract_name WHERE kind = 'language'
