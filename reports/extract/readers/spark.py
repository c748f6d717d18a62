"""Reads an extract with Spark and with pandas, and runs the thirty questions in Spark: make try-spark EXTRACT=FOLDER.

Spark has another name for text in a CAST; else the questions are asked as they are. Ends with 1 if a file has other rows or types than the extract says, or if a question cannot be asked.
"""
import csv
import json
import os
import sys

import pandas
from pyspark.sql import SparkSession

folder = sys.argv[1]
about = json.load(open(os.path.join(folder, "extract.json")))
dictionary = {}
for row in csv.DictReader(open(os.path.join(folder, "dictionary.csv"), encoding="utf-8-sig")):
    dictionary.setdefault(row["table"], []).append(row)
spark_types = {"BIGINT": "bigint", "INTEGER": "int", "SMALLINT": "smallint", "VARCHAR": "string", "DATE": "date", "BOOLEAN": "boolean"}
pandas_types = {"BIGINT": "int64", "INTEGER": "int32", "SMALLINT": "int16"}
wrong = []
spark = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false").config("spark.sql.shuffle.partitions", "4").getOrCreate()
spark.sparkContext.setLogLevel("ERROR")
for file in about["files"]:
    name = file["name"].removesuffix(".parquet")
    path = os.path.join(folder, file["name"])
    frame = spark.read.parquet(path)
    frame.createOrReplaceTempView(name)
    rows, types = frame.count(), dict(frame.dtypes)
    table = pandas.read_parquet(path)
    if rows != file["rows"] or len(table) != file["rows"]:
        wrong.append(f"{name}: {rows} rows in Spark, {len(table)} in pandas, {file['rows']} in the extract")
    for column in dictionary[name]:
        if types.get(column["column"]) != spark_types[column["type"]]:
            wrong.append(f"{name}.{column['column']}: {types.get(column['column'])} in Spark, {column['type']} in the dictionary")
        want = pandas_types.get(column["type"])
        if want and column["may_be_null"] == "no" and str(table[column["column"]].dtype) != want:
            wrong.append(f"{name}.{column['column']}: {table[column['column']].dtype} in pandas, {column['type']} in the dictionary")
    print(f"{name}: {rows} rows")
questions = open(os.path.join(folder, "queries.sql"), encoding="utf-8").read().split("\n\n")[1:]
for question in questions:
    text, _, query = question.strip().partition("\n")
    try:
        print(f"{text.removeprefix('-- ')} {spark.sql(query.rstrip(';').replace('AS VARCHAR', 'AS STRING')).count()} rows")
    except Exception as problem:
        wrong.append(f"{text}: {str(problem).splitlines()[0]}")
visits = pandas.read_parquet(os.path.join(folder, "fact_visit_group.parquet"))
missed = {r.vaccine_group: r.n for r in spark.sql("SELECT vaccine_group, count(*) AS n FROM fact_visit_group WHERE missed GROUP BY vaccine_group").collect()}
if missed != visits[visits.missed].groupby("vaccine_group").size().to_dict():
    wrong.append("missed opportunities by vaccine are not those that pandas counts")
spark.stop()
for line in wrong:
    print(line, file=sys.stderr)
print(f"{len(about['files'])} files, {len(questions)} questions, {len(wrong)} faults")
sys.exit(1 if wrong else 0)
