-- The products of each vaccine group.
SELECT v.cvx, g.vaccine_group, string_agg(v.antigen, '|' ORDER BY v.antigen) AS antigens, min(v.trade_names) AS trade_names, min(v.licensed_from) AS licensed_from,
    max(v.licensed_until) AS licensed_until
FROM extract_vaccine AS v JOIN extract_group AS g ON g.antigen = v.antigen
GROUP BY v.cvx, g.vaccine_group
