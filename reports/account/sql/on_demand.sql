-- Outputs on demand that the table of disclosures has.
SELECT DISTINCT output FROM prior_disclosure WHERE substr(output, 1, 10) = 'on-demand/'
