-- What the codes of ethnicity stand for.
SELECT code, name FROM property_value WHERE property = 'ethnicity' AND code NOT IN ('several', 'unknown')
