SELECT l, r, rules, CAST(level_first AS BIGINT) * 1 + CAST(level_doses AS BIGINT) * 8 AS vector, CAST(CASE WHEN level_first = 0 THEN coalesce(l_bits_first, 0) WHEN level_first = 1 THEN (0.5) * least(coalesce(l_bits_first, 0), coalesce(r_bits_first, 0)) ELSE 0 END AS DOUBLE) AS freq_personal, CAST(0 AS DOUBLE) AS freq_family
FROM (
SELECT l, r, rules, l_bits_first,
  r_bits_first,
  CASE WHEN l_first IS NULL OR r_first IS NULL THEN 7 WHEN l_first = r_first THEN 0 WHEN jw_first >= 0.9 THEN 1 ELSE 2 END AS level_first,
  CASE WHEN l_doses IS NULL OR r_doses IS NULL THEN 7 WHEN shared_days >= 1 THEN 0 ELSE 1 END AS level_doses
FROM (
SELECT *, CASE WHEN l_first <> r_first THEN jaro_winkler_similarity(l_first, r_first) END AS jw_first,
  shared_items(l_doses, r_doses) AS shared_days
FROM (
SELECT p.l, p.r, p.rules, a.doses AS l_doses, b.doses AS r_doses, a.first AS l_first, b.first AS r_first, a.bits_first AS l_bits_first, b.bits_first AS r_bits_first
FROM link_pair AS p JOIN link_index AS a ON a.rid = p.l JOIN link_index AS b ON b.rid = p.r
) AS sides
) AS alike
) AS graded
