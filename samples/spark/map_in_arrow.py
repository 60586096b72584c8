"""Scores documents with mapInArrow and a process for each task. Needs Python, pyarrow and pandas on the nodes,
and keeps the other columns of a row beside its report.

    spark-submit map_in_arrow.py LEADTONE INPUT OUTPUT --by dept [--format parquet]
"""

import itertools
import queue
import subprocess
import threading

import pyarrow
from job import FILTER, run
from pyspark import SparkFiles
from pyspark.sql import functions as f


def reports(batches):
    """The reports of a task's documents: batches with `line` in, the same batches with `report` in its place out."""
    # The program's standard error is this worker's: Spark has it in the log of the executor.
    program = subprocess.Popen([SparkFiles.get("leadtone"), *FILTER.split()], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    sent = queue.SimpleQueue()

    # A thread of its own writes. Whoever writes all before reading hangs as soon as both pipes are full; and the program
    # may keep lines back until it has seen more of them, so that a batch cannot be waited for either.
    def feed():
        try:
            with program.stdin as pipe:
                for batch in batches:
                    sent.put(batch)
                    pipe.writelines(line.encode() + b"\n" for line in batch["line"].to_pylist())
            sent.put(None)
        except Exception as error:
            sent.put(error)

    threading.Thread(target=feed, daemon=True).start()
    try:
        while isinstance(batch := sent.get(), pyarrow.RecordBatch):
            lines = [line.decode() for line in itertools.islice(program.stdout, batch.num_rows)]
            if len(lines) < batch.num_rows:
                raise RuntimeError(f"leadtone ended early, with {program.wait()}")
            yield batch.set_column(batch.schema.get_field_index("line"), "report", pyarrow.array(lines, pyarrow.string()))
        # A program that failed at the end, and an input that broke off, have to fail the task as well, which Spark then
        # tries again; rows would be lost without a word otherwise.
        if batch is not None:
            raise batch
        if program.stdout.read() or program.wait():
            raise RuntimeError(f"leadtone wrote too much, or ended with {program.wait()}")
    finally:
        program.kill()
        program.wait()


def score(_spark, documents, schema, by):
    rows = documents.select(f.col(by).cast("string").alias(by), "line").mapInArrow(reports, f"`{by}` STRING, report STRING")
    return rows.select(f.from_json("report", schema, {"mode": "FAILFAST"}).alias("report"), by).select("report.*", by)


if __name__ == "__main__":
    run(score)
