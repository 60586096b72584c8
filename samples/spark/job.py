"""What both recipes have in common: documents in, reports out, the check that none was lost, and sums of groups."""

import argparse
import subprocess
import sys

from pyspark.sql import SparkSession
from pyspark.sql import functions as f

# From standard input to standard output, a report for each line, in order. One thread, since Spark reckons with one core
# for a task; and no configuration, since nobody knows what lies about on a node.
FILTER = "scan --input-format jsonl --format jsonl --threads 1 --isolated --quiet"

# What is read of JSON lines. Never let Spark infer it: that is a second pass, and a schema that changes with the data.
# Folders such as `dept=finance/` become columns by themselves.
COLUMNS = "id STRING, text STRING"


def run(score):
    """Scores the documents of a folder; `score(spark, documents, schema, by)` makes reports of documents."""
    parser = argparse.ArgumentParser()
    parser.add_argument("leadtone", help="the program; Spark copies it to the executors")
    parser.add_argument("input", help="a folder of JSON lines or Parquet, with an id and a text for each document")
    parser.add_argument("output", help="a folder that is not there yet; gets documents/ and groups/")
    parser.add_argument("--format", choices=["jsonl", "parquet"], default="jsonl", help="what the input is")
    parser.add_argument("--by", required=True, help="the column to sum up by, such as that of the folders: dept")
    args = parser.parse_args()

    # The published schema, from the very program that will write the reports.
    schema = subprocess.check_output([args.leadtone, "generate", "schema", "--format", "spark-ddl"], text=True)
    spark = SparkSession.builder.appName("leadtone").getOrCreate()
    spark.sparkContext.addFile(args.leadtone)

    documents = read(spark, args.format, args.input)
    if args.by not in documents.columns:
        sys.exit(f"leadtone: no column {args.by} in {args.input}; what lines have is to be named in COLUMNS")
    score(spark, documents, schema, args.by).write.partitionBy(args.by).parquet(f"{args.output}/documents")
    reports = spark.read.schema(f"{schema}, `{args.by}` STRING").parquet(f"{args.output}/documents")
    lost = missing(documents, reports)
    groups(reports, args.by).coalesce(1).write.parquet(f"{args.output}/groups")
    spark.stop()
    if lost:
        sys.exit(f"leadtone: {lost}")


def read(spark, form, folder):
    """The documents, and as `line` what the filter gets of each: a JSON object of all its columns."""
    if form == "jsonl":
        # A line that is no JSON goes to the filter as it is, which answers with a row that says what is wrong.
        reader = spark.read.schema(f"{COLUMNS}, unread STRING").option("columnNameOfCorruptRecord", "unread")
        documents = reader.json(folder)
    else:
        documents = spark.read.parquet(folder).withColumn("unread", f.lit(None).cast("string"))
    columns = [column for column in documents.columns if column != "unread"]
    return documents.withColumn("line", f.coalesce("unread", f.to_json(f.struct(*columns))))


def missing(documents, reports):
    """What was lost, in words. Spark and the recipes lose nothing, but a storage that cannot move files might."""
    numbers = [f.count("*"), f.count_distinct("id")]
    wanted = documents.agg(*numbers).first()
    *written, lexicons = reports.agg(*numbers, f.count_distinct("lexicon.hash")).first()
    if list(wanted) != written:
        return f"{wanted[0]} documents ({wanted[1]} ids) were read, {written[0]} ({written[1]}) written"
    return "not every node has the same lexicon" if lexicons > 1 else None


def groups(reports, by):
    """Sums of counts, and the share of these. A mean of the documents' shares would give a note of two sentences the
    weight of a handbook."""
    judged = f.col("status").isin("scored", "too_little_evidence", "no_text")
    labels = ["sentences", "directive", "empowering", "mixed", "neutral"]
    sums = [f.sum(f.when(judged, f.col(f"counts.{label}")).otherwise(0)).alias(label) for label in labels]
    table = reports.groupBy(by).agg(f.count("status").alias("documents"), f.count("error").alias("errors"), *sums)
    return table.withColumn("share", f.expr("try_divide(empowering + mixed, directive + empowering + 2 * mixed)"))
