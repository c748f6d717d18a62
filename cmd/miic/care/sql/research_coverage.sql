-- Coverage.
SELECT * FROM coverage
