#!/usr/bin/env python3
"""Runs leadtone over a folder of nasty files, one run a file, and holds what it does against a table.

    tests/nasty.py FOLDER [TABLE] [--bin target/release/leadtone] [--verbose]

TABLE is tab-separated, with a header line: by default a *.tsv in FOLDER. Its column `file` names the files. A column
`expected`, if there is one, says what each should come to: `read` (a report, whatever its status), `scored`, any other
status of a report (no_text, not_english, too_little_evidence, not_leadership), or `refused`; several are parted by `|`. A
column `sane behaviour` or `what is nasty` is shown beside.

Whatever the table says, a file fails if the run crashes, takes more than 10 seconds of CPU time or more than 512 MiB, exits with
anything but 0 or 2, is refused without one line that names the file and a reason, is refused as a fault of ours, or
writes something that acts on a terminal. Exits with 1 if a file fails. Only the standard library is used.
"""

import argparse
import csv
import json
import os
import resource
import subprocess
import sys
from pathlib import Path

SECONDS = 10
MEMORY = 512 << 20


def acts(text):
    """The characters that would act on a terminal."""
    bidi = "\u061c\u200e\u200f" + "".join(map(chr, [*range(0x202A, 0x202F), *range(0x2066, 0x206A)]))
    return sorted({hex(ord(c)) for c in text if (ord(c) < 32 and c != "\n") or 127 <= ord(c) < 160 or c in bidi})


def run(binary, folder, names, *args):
    """A run over files: exit code, output, errors, seconds of CPU time, peak memory in KiB."""
    limit = lambda: resource.setrlimit(resource.RLIMIT_CPU, (4 * SECONDS, 4 * SECONDS))
    begun = resource.getrusage(resource.RUSAGE_CHILDREN)
    child = subprocess.Popen(
        [binary, "scan", *names, "--isolated", "--threads", "1", *args],
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        preexec_fn=limit,
    )
    try:
        out, err = child.communicate(timeout=60 * SECONDS)
    except subprocess.TimeoutExpired:
        child.kill()
        out, err = child.communicate()
    # The peak is that of the largest child so far, so that it can only be told when it rises.
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = used.ru_utime + used.ru_stime - begun.ru_utime - begun.ru_stime
    return child.returncode, out.decode("utf-8", "replace"), err.decode("utf-8", "replace"), seconds, used.ru_maxrss


def came_to(code, out, err, name):
    """What a run came to: (kind, what there is to say, faults)."""
    faults = []
    if code not in (0, 2):
        return "crashed", f"exit code {code}", [f"exit code {code}"]
    try:
        reports = [json.loads(line) for line in out.splitlines()]
    except json.JSONDecodeError as error:
        return "crashed", str(error), ["the output is not JSON"]
    errors = [report["error"] for report in reports if "error" in report]
    documents = [report for report in reports if "error" not in report]
    if not reports:
        faults.append("it is neither reported nor named")
    if (code == 2) != bool(errors):
        faults.append(f"exit code {code} with {len(errors)} failures")
    for error in errors:
        if "our fault" in error:
            faults.append("a reader of ours failed")
    if errors and not any(name in line and line.startswith("leadtone: ") for line in err.splitlines()):
        faults.append("no message names the file")
    if len(err.splitlines()) != len(errors):
        faults.append(f"{len(err.splitlines())} messages for {len(errors)} failures")
    if not documents:
        return "refused", "; ".join(errors[:1]), faults
    statuses = sorted({document["status"] for document in documents})
    sentences = sum(document["counts"]["sentences"] for document in documents)
    many = f"{len(documents)} documents, " if len(documents) > 1 else ""
    detail = f"{many}{sentences} sentences" + (f"; {len(errors)} parts refused: {errors[0]}" if errors else "")
    return "|".join(statuses), detail, faults


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("table", type=Path, nargs="?")
    parser.add_argument("--bin", type=Path, default=Path(__file__).parent.parent / "target" / "release" / "leadtone")
    parser.add_argument("--verbose", action="store_true", help="show what the table says of each file as well")
    args = parser.parse_args()
    binary = args.bin.resolve()
    table = args.table or next(iter(sorted(args.folder.glob("*.tsv"))), None)
    if table is None or not binary.exists():
        parser.error("no table" if table is None else f"{binary} is not there: cargo build --release")
    with table.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
    failed, slowest, peak = 0, 0.0, 0
    for row in rows:
        name = row["file"]
        if not (args.folder / name).exists():
            print(f"GONE  {name}")
            failed += 1
            continue
        code, out, err, seconds, used = run(binary, args.folder, [name], "--format", "jsonl", "--sentences")
        kind, detail, faults = came_to(code, out, err, name)
        expected = (row.get("expected") or "").strip()
        is_read = kind not in ("refused", "crashed")
        if expected and not any(
            want in kind.split("|") or (want == "read" and is_read) for want in expected.split("|")
        ):
            faults.append(f"expected {expected}")
        if seconds > SECONDS:
            faults.append("too slow")
        if used > peak and used << 10 > MEMORY:
            faults.append("too much memory")
        slowest, peak = max(slowest, seconds), max(peak, used)
        failed += bool(faults)
        print(f"{'FAIL' if faults else 'ok':4}  {name:44} {kind:22} {seconds:5.2f} s  {detail}")
        for fault in faults:
            print(f"      -> {fault}")
        if args.verbose:
            print(f"      {row.get('what is nasty', '')} => {row.get('sane behaviour', '')}")
    names = [row["file"] for row in rows if (args.folder / row["file"]).exists()]
    code, out, err, _, _ = run(binary, args.folder, names, "--sentences", "--color", "never")
    acting = acts(out) + acts(err)
    if acting or code not in (0, 2):
        failed += 1
        print(f"FAIL  all at once: exit code {code}; acts on a terminal: {', '.join(acting)}")
    print(f"{len(rows)} files, {failed} failed; slowest {slowest:.2f} s, peak {peak / 1024:.0f} MiB")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
