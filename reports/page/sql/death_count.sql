-- Death certificates that may be somebody's, how many people they may be of, and how many people one surely names.
SELECT count(DISTINCT death_id) FILTER (WHERE basis = 'possible') AS possible,
    count(DISTINCT client_id) FILTER (WHERE basis = 'possible') AS held,
    count(DISTINCT client_id) FILTER (WHERE basis <> 'possible') AS sure
FROM death_match
