#!/usr/bin/env python3
"""Times leadtone and its peers on the same made-up corpus, in turns, and prints the tables as Markdown.

Usage: run.py [--quick] [--offline] > RESULTS.md

Builds leadtone, installs the peers (PyPI, npm) and makes the corpus below target/peers, each only where it is missing.
`--offline` builds and installs nothing. `--quick` takes smaller corpora. Progress goes to standard error. Needs Linux,
Python 3.11, npm and GNU wc; peers that cannot be installed are left out.
"""

import argparse
import hashlib
import math
import os
import platform
import re
import shutil
import statistics
import subprocess
import sys
import time
import tomllib
from collections import Counter
from datetime import date
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
TARGET = ROOT / "target/peers"
CORPUS = TARGET / "corpus"
PYTHON = TARGET / "python/bin"
NODE = TARGET / "node"
LEADTONE = ROOT / "target/release/leadtone"

# Rounds in which every command is run once.
ROUNDS = 5

# What the full and the quick run measure: files and bytes of the corpora, sizes of single texts. A command that has
# taken `patience` seconds in all is not run again, and its row says how often it was.
FULL = {
    "patience": 120,
    "large": (5000, 64_000_000),
    "small": (80, 1_000_000),
    "text": [4_000_000, 64_000_000, 1_000_000_000],
    "line": [4_000_000, 100_000_000],
    "hard": [1_000_000, 8_000_000],
    "words": [100_000, 1_000_000],
}
QUICK = {
    "patience": 20,
    "large": (1250, 16_000_000),
    "small": (20, 250_000),
    "text": [4_000_000, 16_000_000],
    "line": [4_000_000, 16_000_000],
    "hard": [1_000_000, 4_000_000],
    "words": [100_000, 500_000],
}

UTF8 = {"LC_ALL": "C.UTF-8"}
PLAIN = {"LC_ALL": "C"}


def say(text):
    print(text, file=sys.stderr, flush=True)


def output(argv, **options):
    """What a command prints, or nothing if it fails."""
    try:
        return subprocess.run(argv, capture_output=True, text=True, check=True, **options).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return ""


# ---- What is there to measure


def install():
    """Builds leadtone and installs the peers, as far as they are missing."""
    subprocess.run(["cargo", "build", "--release"], cwd=ROOT, check=True, stdout=sys.stderr)
    pip = [str(PYTHON / "python"), "-m", "pip", "--quiet", "--disable-pip-version-check"]
    npm = ["npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    venv = [sys.executable, "-m", "venv", str(TARGET / "python")]
    installed(TARGET / "python", "requirements.txt", [venv, pip + ["install", "-r", "requirements.txt"]])
    installed(NODE, "package.json", [npm])


def installed(folder, name, steps):
    """Takes the steps in that folder if the file of that name has changed since they were last taken."""
    done, wanted = folder / "installed", (HERE / name).read_text("utf-8")
    if done.exists() and done.read_text("utf-8") == wanted:
        return
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(HERE / name, folder / name)
    try:
        for step in steps:
            say(" ".join(step))
            subprocess.run(step, cwd=folder, check=True, stdout=sys.stderr)
        done.write_text(wanted, "utf-8")
    except (OSError, subprocess.CalledProcessError) as error:
        say(f"left out what {name} lists: {error}")


def versions():
    """The peers that are there, with their versions."""
    found = {
        "wc": output(["wc", "--version"]).partition("\n")[0].rpartition(" ")[2],
        "rg": output([str(PYTHON / "rg"), "--version"]).partition("\n")[0].partition(" ")[2],
        "typos": output([str(PYTHON / "typos"), "--version"]).rpartition(" ")[2],
    }
    for name in ("proselint", "vaderSentiment"):
        code = f"import importlib.metadata as m; print(m.version({name!r}))"
        found[name] = output([str(PYTHON / "python"), "-c", code])
    for name in ("write-good", "alex", "textlint", "textlint-rule-write-good"):
        code = f"console.log(JSON.parse(require('fs').readFileSync('node_modules/{name}/package.json')).version)"
        found[name] = output(["node", "-e", code], cwd=NODE) if NODE.exists() else ""
    return {name: version for name, version in found.items() if version}


def made(name, write):
    """A corpus of that name, made by `write` if it is missing or if what makes it has changed."""
    sources = [HERE / "generate.py", Path(__file__), ROOT / "src/lexicon/frequencies.txt"]
    sources += sorted((ROOT / "samples").glob("*.tsv"))
    sources += [ROOT / f"lexicons/{name}.toml" for name in ("classes", "topics", "wordnet", "words")]
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in sources)).hexdigest()
    path, stamp = CORPUS / name, CORPUS / f"{name}.made-of"
    if not path.exists() or not stamp.exists() or stamp.read_text() != digest:
        say(f"make {name}")
        shutil.rmtree(path, ignore_errors=True)
        path.mkdir(parents=True)
        write(path)
        stamp.write_text(digest)
    return path


def generated(folder, files, size, extension="md"):
    argv = [sys.executable, str(HERE / "generate.py"), str(folder)]
    argv += ["--files", str(files), "--bytes", str(size), "--format", extension]
    subprocess.run(argv, check=True, stdout=sys.stderr)


def files_of(path):
    """The files of a folder; a file is its own."""
    return sorted(str(file) for file in path.rglob("*") if file.is_file()) if path.is_dir() else [str(path)]


def size_of(path):
    return sum(os.path.getsize(file) for file in files_of(path))


def repeated(path, text, size):
    """A file of `size` bytes that holds `text` over and over."""
    with open(path, "wb") as file:
        for _ in range(size // len(text)):
            file.write(text)
        file.write(text[: size % len(text)])


def prose():
    """Four million bytes of plain text that the single texts repeat."""
    folder = made("prose", lambda folder: generated(folder, 1, 4_000_000, "txt"))
    return Path(files_of(folder)[0]).read_bytes()


def texts(plan):
    """Single texts: what each is called, its path, and what its sizes are counted in."""
    found = []

    def add(name, size, text):
        file_name = f"{name.replace(' ', '-')}-{size}"
        folder = made(file_name, lambda folder: repeated(folder / "text.txt", text, size))
        found.append((name, folder / "text.txt"))

    base = prose()
    line = b" ".join(base.split()) + b" "
    endless = re.sub(rb"[.?!:;]", b"", line)
    single = b" ".join(word.capitalize() + b"." for word in re.findall(rb"[a-z]{3,}", base)[:50_000]) + b" "
    for size in plan["text"]:
        add("prose", size, base)
    for size in plan["line"]:
        add("prose in one line", size, line)
    for size in plan["hard"]:
        add("one line without an end of a sentence", size, endless)
    for size in plan["hard"]:
        add("must must must", size, b"must ")
    for count in plan["words"]:
        add("sentences of one word", len(single) * count // 50_000, single)
    return found


def phrases():
    """A file of two thousand phrases of two and three words, for ripgrep: the commonest in the examples of the
    lexicons' entries."""
    counts = Counter()
    for path in sorted((ROOT / "lexicons").glob("*.toml")):
        for entry in tomllib.loads(path.read_text("utf-8")).get("entry", []):
            for sentence in entry.get("matches", []):
                words = re.findall(r"[a-z]+", sentence.lower())
                counts.update(" ".join(words[at : at + n]) for n in (2, 3) for at in range(len(words) - n + 1))
    ranked = sorted(counts, key=lambda phrase: (-counts[phrase], phrase))
    path = CORPUS / "phrases.txt"
    path.write_text("\n".join(ranked[:2000]) + "\n", "utf-8")
    return str(path)


# ---- Measuring


class Command:
    """A command on an input, and what was measured of it, a run each."""

    def __init__(self, name, does, argv, path, fine=(0,), env=UTF8, cwd=CORPUS, stdin=None):
        self.name, self.does, self.argv, self.size = name, does, argv, size_of(path)
        self.fine, self.env, self.cwd, self.stdin = fine, env, cwd, stdin
        self.cpu, self.wall, self.peak, self.failed = [], [], [], None

    def run(self):
        argv = [sys.executable, "-I", "-S", str(HERE / "spawn.py"), str(TARGET / "out"), *self.argv]
        with open(self.stdin or os.devnull, "rb") as given:
            said = subprocess.run(
                argv, stdin=given, stdout=subprocess.PIPE, cwd=self.cwd, env=os.environ | self.env, check=True
            )
        cpu, wall, peak, status = said.stdout.split()
        self.cpu.append(float(cpu))
        self.wall.append(float(wall))
        self.peak.append(int(peak))
        if int(status) not in self.fine:
            last = (TARGET / "out").read_text("utf-8", "replace").strip().rpartition("\n")[2]
            self.failed = f"exit {int(status)}: {last[:120]}"

    def speed(self, start=0.0):
        """Million bytes for each second of CPU time, but for the seconds that it takes to start."""
        return self.size / 1e6 / max(statistics.median(self.cpu) - start, 1e-3)

    def against(self, other):
        """How many times the CPU time of the other, the median of the rounds that both ran in."""
        return statistics.median(mine / max(theirs, 1e-3) for mine, theirs in zip(self.cpu, other.cpu))


def measure(title, commands, patience):
    """Runs the commands in turns."""
    for number in range(ROUNDS):
        say(f"{title}, round {number + 1} of {ROUNDS}")
        for command in commands:
            if command.failed is None and (number == 0 or sum(command.wall) < patience):
                command.run()
                if command.failed:
                    say(f"  {command.name} failed with {command.failed}")


def leadtone(path, threads=1, name=None):
    argv = [str(LEADTONE), "scan", "--isolated", "--quiet", "--threads", str(threads), str(path)]
    return Command(name or f"leadtone, {threads} thread{'s' * (threads > 1)}", "judges each sentence", argv, path)


def fast(path, found, phrases):
    """The peers that are fast enough for the large corpus. ripgrep exits with 1 where it finds nothing."""
    names = CORPUS / f"{path.stem}.names"
    names.write_bytes(b"".join(file.encode() + b"\0" for file in files_of(path)))
    wc = ["wc", "-w", "--files0-from=-"]
    rg = [str(PYTHON / "rg"), "--no-config", "--no-ignore", "-j1", "-c", "-i", "-w"]
    many = rg + ["--no-unicode", "-F", "-f", phrases, str(path)]
    one = rg + ["must", str(path)]
    commands = []
    if "wc" in found:
        commands.append(Command("wc -w", "counts words, in UTF-8", wc, path, stdin=names))
        commands.append(Command("wc -w, LC_ALL=C", "counts words, in bytes", wc, path, env=PLAIN, stdin=names))
    if "rg" in found:
        commands.append(Command("ripgrep, one word", "counts lines with *must*", one, path, fine=(0, 1)))
        does = "counts lines with any, `--no-unicode -F -f`"
        commands.append(Command("ripgrep, 2,000 phrases", does, many, path, fine=(0, 1)))
    return commands + typos(path, found)


def typos(path, found):
    argv = [str(PYTHON / "typos"), "--isolated", "--no-ignore", "--threads", "1", "--format", "brief", str(path)]
    return [Command("typos", "spelling", argv, path, fine=(0, 2))] if "typos" in found else []


def slow(path, found):
    """The peers that only get the small corpus. write-good exits with the number of what it found."""
    node, files, commands = ["node", "--no-warnings"], files_of(path), []
    if "write-good" in found:
        argv = node + ["node_modules/write-good/bin/write-good.js", *files]
        commands.append(Command("write-good", "wordiness, passive voice", argv, path, fine=range(256), cwd=NODE))
    if "vaderSentiment" in found:
        argv = [str(PYTHON / "python"), str(HERE / "vader.py"), *files]
        commands.append(Command("VADER", "sentiment of each sentence, by `vader.py`", argv, path))
    if "proselint" in found:
        argv = [str(PYTHON / "proselint"), "check", *files]
        commands.append(Command("proselint", "style", argv, path, fine=(0, 1)))
    if "textlint" in found and "textlint-rule-write-good" in found:
        argv = node + ["node_modules/textlint/bin/textlint.js", "--rule", "write-good", *files]
        commands.append(Command("textlint", "the rules of write-good", argv, path, fine=(0, 1), cwd=NODE))
    if "alex" in found:
        argv = node + ["node_modules/alex/cli.js", *files]
        commands.append(Command("alex", "inconsiderate wording", argv, path, fine=(0, 1), cwd=NODE))
    return commands


# ---- Tables


def number(value):
    """Three digits or so."""
    return f"{value:,.{max(0, 2 - math.floor(math.log10(value)))}f}" if 0 < value < 100 else f"{value:,.0f}"


class Tables:
    """Writes tables. Knows what memory a program seems to need that needs none, and what each takes to start."""

    def __init__(self, floor, empty, sentence):
        self.floor, self.empty, self.sentence = floor, empty, sentence
        self.start = {command.name: statistics.median(command.cpu) for command in sentence}
        self.start["leadtone, 2 threads"] = self.start["leadtone, 1 thread"]

    def peak(self, command):
        peak = statistics.median(command.peak)
        return f"{peak / 1e6:.0f}" if peak > self.floor * 1.05 else f"< {self.floor / 1e6:.0f}"

    def table(self, heads, rows):
        print("| " + " | ".join(heads) + " |")
        print("|" + "|".join("---" if head in ("program", "does", "text") else "---:" for head in heads) + "|")
        for row in rows:
            print("| " + " | ".join(row + [""] * (len(heads) - len(row))) + " |")
        print()

    def peers(self, commands):
        rows = []
        for command in commands:
            row = [command.name, command.does]
            if command.failed:
                row.append(command.failed)
            else:
                wall = command.size / 1e6 / statistics.median(command.wall)
                started = command.speed(self.start[command.name])
                row += [number(value) for value in (command.speed(), started, wall, command.against(commands[0]))]
                row += [self.peak(command), str(len(command.cpu))]
            rows.append(row)
        heads = ["program", "does", "MB/s of CPU time", "once started", "MB/s of wall clock"]
        self.table(heads + ["CPU time, leadtone = 1", "peak MB", "runs"], rows)

    def starts(self):
        rows = []
        for pair in zip(self.empty, self.sentence):
            times = [getattr(command, kind) for kind in ("cpu", "wall") for command in pair]
            cells = [f"{statistics.median(runs) * 1e3:.0f}" for runs in times]
            rows.append([pair[0].name, *cells, self.peak(pair[1]), str(len(pair[0].cpu))])
        heads = ["program", "CPU ms, empty", "CPU ms, a sentence", "wall ms, empty", "wall ms, a sentence"]
        self.table(heads + ["peak MB", "runs"], rows)

    def texts(self, commands):
        start, rows, smallest = self.start["leadtone, 1 thread"], [], {}
        for command in commands:
            row = [command.name, f"{command.size / 1e6:,.1f}"]
            if command.failed:
                row.append(command.failed)
            else:
                cost = 1e3 / command.speed(start)
                rise = cost / smallest.setdefault(command.name, cost)
                row += [number(cost), number(1e3 / cost), f"{rise:.2f}", self.peak(command), str(len(command.cpu))]
            rows.append(row)
        heads = ["text", "MB", "CPU ns a byte, once started", "MB/s of CPU time, once started"]
        self.table(heads + ["cost a byte, smallest = 1", "peak MB", "runs"], rows)


def machine(found):
    cpu = re.search(r"model name\s*:\s*(.*)", Path("/proc/cpuinfo").read_text())
    memory = int(re.search(r"MemTotal:\s*(\d+)", Path("/proc/meminfo").read_text())[1]) / 1e6
    sources = ["src", "lexicons", "build.rs", "Cargo.toml", "Cargo.lock"]
    commit = output(["git", "-C", str(ROOT), "log", "-1", "--format=%h", "--", *sources])
    changed = output(["git", "-C", str(ROOT), "status", "--porcelain", *sources])
    system = f"{platform.system()} {platform.release().partition('-')[0]}"
    yield f"{date.today():%d %B %Y}, leadtone of commit {commit}{' with changes' * bool(changed)}"
    yield f"{os.cpu_count()} cores, {cpu[1] if cpu else 'processor unknown'}, {memory:.0f} GB, {system}"
    yield f"{output(['rustc', '--version'])}, Python {platform.python_version()}, Node {output(['node', '--version'])}"
    yield ", ".join(f"{name} {version}" for name, version in found.items())


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--offline", action="store_true")
    args = parser.parse_args()
    plan = QUICK if args.quick else FULL
    if not args.offline:
        install()
    CORPUS.mkdir(parents=True, exist_ok=True)
    found, patience = versions(), plan["patience"]
    large, small = (
        made(f"{name}-{plan[name][1]}", lambda folder, name=name: generated(folder, *plan[name]))
        for name in ("large", "small")
    )
    singles, wanted = texts(plan), phrases()
    begun, load = time.monotonic(), os.getloadavg()[1]

    starts = []
    for name, text in (("empty", ""), ("sentence", "The gate opens at nine.\n")):
        path = CORPUS / f"{name}.md"
        path.write_text(text, "utf-8")
        starts.append([leadtone(path), *fast(path, found, wanted), *slow(path, found)])
    measure("starting up", [command for pair in zip(*starts) for command in pair], patience)
    many = [leadtone(large), leadtone(large, threads=2), *fast(large, found, wanted)]
    measure("large folder", many, patience)
    few = [leadtone(small), *typos(small, found), *slow(small, found)]
    measure("small folder", few, patience)
    shapes = [leadtone(path, name=name) for name, path in singles]
    measure("single texts", shapes, patience)

    nothing = Command("true", "", ["true"], large)
    nothing.run()
    tables = Tables(nothing.peak[0], *starts)
    print("# leadtone beside its peers\n")
    print(f"One run of `benches/peers/run.py{' --quick' * args.quick}`; the next one prints other figures.")
    print("What is measured, and what is not: [the benches](../README.md).\n")
    for line in machine(found):
        print(f"- {line}")
    seconds = time.monotonic() - begun
    print(f"- load average {load:.1f} before and {os.getloadavg()[1]:.1f} at the end, {seconds:.0f} s of measuring\n")
    print(f"## A folder of {plan['large'][0]:,} Markdown files, {many[0].size / 1e6:.0f} MB\n")
    tables.peers(many)
    one, two = many[:2]
    wall = statistics.median(first / second for first, second in zip(one.wall, two.wall))
    cpu = two.against(one)
    print(f"Two threads are {wall:.2f} times as fast as one by the wall clock, at {cpu:.2f} times the CPU time.")
    for command in many[2:]:
        if command.name.startswith("wc"):
            print(f"One thread takes {number(one.against(command))} times the CPU time of `{command.name}`.")
    print(f"\n## A folder of {plan['small'][0]} Markdown files, {few[0].size / 1e6:.2f} MB\n")
    print("For the peers that are too slow for the large one.\n")
    tables.peers(few)
    print("## Starting up\n")
    tables.starts()
    print("## Single texts, one thread of leadtone\n")
    tables.texts(shapes)


if __name__ == "__main__":
    main()
