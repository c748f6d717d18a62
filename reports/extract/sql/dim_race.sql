-- What the codes of race stand for.
SELECT code, name FROM property_value WHERE property = 'race' AND code NOT IN ('several', 'unknown')
