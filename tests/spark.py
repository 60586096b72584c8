#!/usr/bin/env python3
"""Runs both recipes of samples/spark on a cluster of two executors, and kills an executor and a filter in mid-job.

Usage: spark.py [LEADTONE] [DOCUMENTS]

Runs with the Python of an environment that has pyspark and pyarrow, and needs Java 17. The documents are made of the
sentences of samples/, always the same. Every run has to come to the rows of one run of the program alone: each report as
it is there, each id once, the same errors, and the same sums for each group. Prints documents a second and seconds of CPU,
for each way and for the program alone. Exits with 1 if a check fails, 77 if pyspark or Java is missing.
"""

import json
import os
import pathlib
import random
import runpy
import select
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import traceback

try:
    import pyarrow.dataset
    import pyarrow.parquet
    import pyspark
except ImportError:
    print("skipped: no pyspark or no pyarrow; install them with pip")
    sys.exit(77)

ROOT = pathlib.Path(__file__).resolve().parent.parent
DEPARTMENTS = ["bäckerei", "finance", "field crew", "yard"]
# A part for each task, and two of each department.
PARTS = 2 * len(DEPARTMENTS)
# Seconds after which all is ended and has failed.
PATIENCE = 480
JAVA = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
TICKS = os.sysconf("SC_CLK_TCK")

failures = []


def expect(name, is_so, told=""):
    print(f"{'ok' if is_so else 'FAILED'}: {name}", flush=True)
    if not is_so:
        failures.append(name)
        print(told, flush=True)


# ---- Documents


def documents(count):
    """Rows of an id, a text and a department: plain ones, long ones, empty ones, and all that a text can hold."""
    sentences = []
    for name in ["labels.tsv", "hard.tsv", "people.tsv"]:
        rows = (ROOT / "samples" / name).read_text(encoding="utf-8").splitlines()[1:]
        sentences += [row.split("\t")[3] for row in rows]
    pick = random.Random(7)
    marks = "Tab\there, \"quote\", \\ and é日\u2028🙂.\r\nA second line.\n\nA third \u0085 one. ' ` $HOME \\N"
    odd = ["", marks, "Wir treffen uns morgen früh im Hof und räumen das Lager auf."]
    for number in range(count):
        words = pick.choices(sentences, k=pick.randint(4, 36))
        text = odd[number // 50 % len(odd)] if number % 50 == 7 else " ".join(words)
        yield {"id": f"doc-{number:06}", "text": text, "dept": DEPARTMENTS[number % len(DEPARTMENTS)]}


def bad_lines(part):
    """Lines that are no documents, and whether they can be rows of Parquet as well."""
    return [
        (json.dumps({"id": f"none-{part}"}), {"id": f"none-{part}", "text": None}),
        (json.dumps({"text": "Nobody knows me."}), {"id": None, "text": "Nobody knows me."}),
        ('{"id": "cut-%d", "text": "The line bre' % part, None),
        ("not JSON at all, with a\ttab", None),
    ]


def write_input(folder, rows):
    """The same documents as JSON lines and as Parquet, in folders that name the department."""
    for part in range(PARTS):
        dept = DEPARTMENTS[part % len(DEPARTMENTS)]
        of_part = [row for at, row in enumerate(rows) if at % PARTS == part]
        bad = bad_lines(part)
        lines = [json.dumps({"id": row["id"], "text": row["text"]}, ensure_ascii=False) for row in of_part]
        lines[3:3] = [line for line, _ in bad]
        table = [{"id": row["id"], "text": row["text"]} for row in of_part] + [row for _, row in bad if row]
        for form in ["jsonl", "parquet"]:
            (folder / form / f"dept={dept}").mkdir(parents=True, exist_ok=True)
        path = folder / "jsonl" / f"dept={dept}" / f"part-{part}.jsonl"
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        columns = pyarrow.schema([("id", pyarrow.string()), ("text", pyarrow.string())])
        path = folder / "parquet" / f"dept={dept}" / f"part-{part}.parquet"
        pyarrow.parquet.write_table(pyarrow.Table.from_pylist(table, schema=columns), path)


# ---- The program alone


class Alone:
    """What the program says of the documents by itself, and what that costs."""

    def __init__(self, leadtone, rows):
        lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()
        before, begun = os.times(), time.monotonic()
        out = self.filtered(leadtone, lines, "jsonl")
        self.seconds, after = time.monotonic() - begun, os.times()
        self.cpu = after.children_user + after.children_system - before.children_user - before.children_system
        self.reports = {report["id"]: report for report in map(json.loads, out.decode().splitlines())}
        groups = json.loads(self.filtered(leadtone, lines, "json", "--by", "dept"))["groups"]
        self.groups = {group["group"]: group for group in groups}
        self.errors = {}
        for form in ["jsonl", "parquet"]:
            bad = [line for part in range(PARTS) for line, row in bad_lines(part) if row or form == "jsonl"]
            out = self.filtered(leadtone, "\n".join(bad).encode(), "jsonl").decode().splitlines()
            self.errors[form] = sorted((str(row["id"]), row["error"]) for row in map(json.loads, out))

    @staticmethod
    def filtered(leadtone, lines, *form):
        command = [leadtone, "scan", "--input-format", "jsonl", "--threads", "1", "--isolated", "--quiet", "--format", *form]
        return subprocess.run(command, input=lines, stdout=subprocess.PIPE, check=True, timeout=PATIENCE).stdout


# ---- A cluster, its jobs and their processes


class Process:
    """A process of the cluster, and the CPU time that it was last seen with."""

    def __init__(self, pid):
        self.pid = pid
        self.begun = None

    def update(self):
        fields = pathlib.Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        if self.begun not in (None, fields[19]):
            raise ProcessLookupError(f"{self.pid} is another process now")
        self.parent, self.begun = int(fields[1]), fields[19]
        self.cpu = (int(fields[11]) + int(fields[12])) / TICKS
        self.is_gone = fields[0] == "Z"
        self.command = pathlib.Path(f"/proc/{self.pid}/cmdline").read_bytes().decode(errors="replace").split("\0")

    def is_filter(self):
        return [os.path.basename(self.command[0]), *self.command[1:2]] == ["leadtone", "scan"]

    def is_executor(self):
        return "org.apache.spark.executor.CoarseGrainedExecutorBackend" in self.command

    def is_at_work(self):
        """Whether it has read documents, and not only its libraries."""
        return int(pathlib.Path(f"/proc/{self.pid}/io").read_text().split()[1]) > 1 << 16


class Cluster:
    """Two executors and what drives them, watched from outside."""

    def __init__(self, folder, leadtone):
        self.folder, self.leadtone = folder, leadtone
        self.ends_at = time.monotonic() + PATIENCE
        self.seen, self.strangers = {}, set()
        settings = {
            "spark.ui.enabled": "false",
            "spark.ui.showConsoleProgress": "false",
            # Most of the time of such short jobs goes into compiling Spark, and less so with one of Java's two compilers.
            "spark.driver.extraJavaOptions": JAVA,
            "spark.executor.extraJavaOptions": JAVA,
            "spark.local.dir": folder / "local",
            # A task for each file, so that there is something left to do after an accident.
            "spark.sql.files.maxPartitionBytes": max(path.stat().st_size for path in folder.rglob("part-*")),
            "spark.sql.files.openCostInBytes": 1 << 30,
        }
        options = " ".join(f"--conf {shlex.quote(f'{key}={value}')}" for key, value in settings.items())
        environment = {
            **os.environ,
            "PYSPARK_SUBMIT_ARGS": f"--master local-cluster[2,1,1024] --driver-memory 1g {options} pyspark-shell",
            "PYSPARK_PYTHON": sys.executable,
            "PYTHONDONTWRITEBYTECODE": "1",
            "SPARK_LOCAL_IP": "127.0.0.1",
            "LC_ALL": "C.UTF-8",
        }
        self.log = folder / "log"
        with self.log.open("wb") as log:
            command = [sys.executable, __file__, "--jobs"]
            pipe = subprocess.PIPE
            self.driver = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=log, env=environment, cwd=folder)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.driver.stdin.close()
        until = time.monotonic() + 30
        while (left := self.running()) and time.monotonic() < until:
            self.driver.poll()
            time.sleep(0.1)
        expect("no process is left over", not left, [process.command[:2] for process in left])
        for process in left:
            os.kill(process.pid, signal.SIGKILL)
        self.driver.wait()
        # Spark keeps what it brought to the executors.
        shutil.rmtree(pathlib.Path(pyspark.__file__).parent / "work", ignore_errors=True)

    def running(self):
        """Every descendant that runs, also those that an accident has made orphans."""
        numbers = {int(name) for name in os.listdir("/proc") if name.isdigit()}
        self.strangers &= numbers
        running = []
        for pid in sorted(numbers - self.strangers):
            try:
                process = self.seen.get(pid) or Process(pid)
                process.update()
            except OSError:
                continue
            if pid not in self.seen and pid != self.driver.pid and process.parent not in self.seen:
                self.strangers.add(pid)
                continue
            self.seen[pid] = process
            if not process.is_gone:
                running.append(process)
        return running

    def run(self, recipe, form, has_accidents):
        """Has a recipe run, with a filter and an executor killed or without; says what became of it."""
        job = Job(self.folder / f"{recipe}-{form}", f"{recipe} on {form}" + (", with accidents" if has_accidents else ""))
        arguments = [self.leadtone, self.folder / form, job.output, "--format", form, "--by", "dept"]
        log_from, cpu_from, known = self.log.stat().st_size, self.cpu(), set(self.seen)
        self.driver.stdin.write(json.dumps([recipe, *map(str, arguments)]).encode() + b"\n")
        self.driver.stdin.flush()
        begun = time.monotonic()
        while not select.select([self.driver.stdout], [], [], 0.05)[0]:
            filters = [process for process in self.running() if process.is_filter() and process.pid not in known]
            if filters:
                job.scored_from = job.scored_from or time.monotonic()
            if (job.output / "documents" / "_SUCCESS").exists():
                job.scored_to = job.scored_to or time.monotonic()
            if has_accidents and len(job.killed) < 2:
                self.have_accident(job, filters)
            if time.monotonic() > self.ends_at:
                break
        else:
            job.is_done = self.driver.stdout.readline() == b"done\n"
        job.scored_from, job.scored_to = job.scored_from or begun, job.scored_to or time.monotonic()
        job.cpu = self.cpu() - cpu_from
        job.log = self.log.read_bytes()[log_from:].decode(errors="replace")
        return job

    def have_accident(self, job, filters):
        """Kills a filter that has read documents; then, when another has, the executor that it belongs to."""
        for process in filters:
            try:
                if process.pid in job.killed.values() or not process.is_at_work():
                    continue
            except OSError:
                continue
            kind = "executor" if job.killed else "filter"
            while kind == "executor" and process and not process.is_executor():
                process = self.seen.get(process.parent)
            if process:
                os.kill(process.pid, signal.SIGKILL)
                job.killed[kind] = process.pid
                return

    def cpu(self):
        self.running()
        return sum(process.cpu for process in self.seen.values())


class Job:
    """What became of a recipe."""

    def __init__(self, output, name):
        self.output, self.name = output, name
        self.killed = {}
        self.is_done = False
        self.scored_from = self.scored_to = None

    def check(self, alone, form):
        expect(f"{self.name}: is done", self.is_done, self.log[-6000:])
        if not self.is_done:
            return
        table = pyarrow.dataset.dataset(self.output / "documents", partitioning="hive").to_table().to_pylist()
        reports = [row for row in table if row["error"] is None]
        ids = {row["id"] for row in reports}
        expect(f"{self.name}: {len(alone.reports)} reports", len(reports) == len(alone.reports), len(reports))
        expect(f"{self.name}: each id once", len(ids) == len(reports) and ids == set(alone.reports))
        different = [row["id"] for row in reports if not is_same(row, alone.reports[row["id"]])]
        expect(f"{self.name}: each report as the program gives it alone", not different, different[:5])
        errors = sorted((str(row["id"]), row["error"]) for row in table if row["error"] is not None)
        expect(f"{self.name}: {len(alone.errors[form])} rows for bad lines", errors == alone.errors[form], errors)
        groups = pyarrow.parquet.read_table(self.output / "groups").to_pylist()
        sums = {row["dept"]: row for row in groups if row["documents"]}
        is_sum = sums.keys() == alone.groups.keys() and all(is_group(sums[name], alone.groups[name]) for name in sums)
        expect(f"{self.name}: the sums of each group", is_sum, groups)
        bad = sum(row["errors"] for row in groups)
        expect(f"{self.name}: the groups count the bad lines", bad == len(errors), groups)

    def check_accidents(self):
        expect(f"{self.name}: a filter and an executor were killed", len(self.killed) == 2, self.killed)
        told = [word for word in ["Lost task", "Lost executor"] if word not in self.log]
        expect(f"{self.name}: Spark lost a task and an executor", not told, told)


def drive():
    """Runs the recipes that standard input names, all in one session, since a cluster takes long to start."""
    from pyspark.sql import SparkSession

    SparkSession.stop = lambda _: None
    recipes = ROOT / "samples" / "spark"
    sys.path.insert(0, str(recipes))
    for line in sys.stdin:
        sys.argv = json.loads(line)
        outcome = "done"
        try:
            runpy.run_path(str(recipes / sys.argv[0]), run_name="__main__")
        except (Exception, SystemExit):
            traceback.print_exc()
            outcome = "failed"
        print(outcome, flush=True)


# ---- Comparing


def plain(value):
    """A value without what is null, which Parquet has and JSON leaves out."""
    if isinstance(value, dict):
        return {key: plain(inner) for key, inner in value.items() if inner is not None}
    return value


def is_same(row, report):
    expected = plain({**report, "dept": report["fields"]["dept"]})
    expected["principles"] = sorted(report["principles"].items())
    expected["fields"] = sorted(report["fields"].items())
    found = plain(row)
    for key in ["principles", "fields"]:
        found[key] = sorted(found[key])
    return found == expected


def is_group(row, group):
    counts = group["counts"]
    sides = counts["directive"] + counts["empowering"] + 2 * counts["mixed"]
    share = (counts["empowering"] + counts["mixed"]) / sides
    is_equal = all(row[label] == counts[label] for label in counts) and row["documents"] == group["documents"]
    return is_equal and abs(row["share"] - share) < 1e-9 and abs(row["share"] - group["share"]["empowering"]) < 1e-3


def main():
    if sys.argv[1:] == ["--jobs"]:
        return drive()
    if len(sys.argv) > 3:
        sys.exit(__doc__)
    leadtone = str(pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / "target/debug/leadtone").resolve())
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 2000
    if shutil.which("java") is None and "JAVA_HOME" not in os.environ:
        print("skipped: no Java")
        return 77
    rows = list(documents(count))
    size = sum(len(row["text"].encode()) for row in rows) / 1e6
    with tempfile.TemporaryDirectory(prefix="leadtone-spark-") as folder:
        folder = pathlib.Path(folder)
        write_input(folder, rows)
        alone = Alone(leadtone, rows)
        table = [("the program alone", count / alone.seconds, alone.cpu)]
        with Cluster(folder, leadtone) as cluster:
            for recipe, form, has_accidents in [
                ("transform.py", "jsonl", False),
                ("map_in_arrow.py", "parquet", False),
                ("transform.py", "parquet", True),
                ("map_in_arrow.py", "jsonl", True),
            ]:
                job = cluster.run(recipe, form, has_accidents)
                job.check(alone, form)
                if not job.is_done:
                    break
                if has_accidents:
                    job.check_accidents()
                table.append((job.name, count / (job.scored_to - job.scored_from), job.cpu))
    print(f"\n{count} documents, {size:.1f} MB; {'with two cores':>13}: documents/s   CPU s")
    for name, rate, cpu in table:
        print(f"{name:43} {rate:11.0f} {cpu:7.1f}")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
