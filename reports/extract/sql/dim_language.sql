-- What the codes of language stand for.
SELECT code, name FROM property_value WHERE property = 'language' AND code NOT IN ('several', 'unknown')
