-- Who sends data.
SELECT clinic, name, kind FROM extract_clinic
