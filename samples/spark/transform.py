"""Scores documents with SQL's TRANSFORM. Needs nothing on the nodes but the program, which Spark brings there.

    spark-submit transform.py LEADTONE INPUT OUTPUT --by dept [--format parquet]

TRANSFORM writes the lines of a task to the standard input of a command and reads rows from its standard output. If the
command ends with anything but 0, the task fails and is tried again.
"""

from job import FILTER, run


def score(spark, documents, schema, by):
    documents.createOrReplaceTempView("documents")
    # One column in and one out, both JSON, which has no raw tabs or line breaks that could be taken for columns or rows.
    # The program lies in the working folder of an executor; on a single machine Spark adds its folder to the path.
    # FAILFAST: a row that does not fit the schema is to be seen, not to become a row of nulls.
    reports = spark.sql(f"""
        SELECT from_json(report, '{schema}', map('mode', 'FAILFAST')) AS report FROM (
            SELECT TRANSFORM(line) USING 'PATH=.:$PATH leadtone {FILTER}' AS (report STRING) FROM documents
        )
    """)
    # TRANSFORM drops all other columns, but the filter hands on the fields of a line. A bad line has none, and its row
    # goes to the folder of nulls.
    return reports.selectExpr("report.*", f"report.fields['{by}'] AS `{by}`")


if __name__ == "__main__":
    run(score)
