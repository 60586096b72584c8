#!/usr/bin/env python3
"""Makes up a corpus of office writing out of the samples and the word lists of the lexicons.

Usage: generate.py FOLDER [--files N] [--bytes N] [--format md|txt] [--seed N]
       generate.py FOLDER --preset large|small

The same arguments make the same bytes on every machine. Most sentences are neutral: plain statements put together from
the lexicons' lists of nouns, verbs and people, and the samples' sentences that are labelled neutral. One in seven is a
sentence of the samples that directs or empowers. The files differ in size as real ones do: many short, a few long. One
paragraph in ten has typographic quotes and dashes. Needs Python 3.11.
"""

import argparse
import csv
import random
import re
import textwrap
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent

# What `--preset` stands for.
PRESETS = {
    "large": {"files": 5000, "bytes": 64_000_000, "format": "md"},
    "small": {"files": 80, "bytes": 1_000_000, "format": "md"},
}

# How a sentence comes about, by share.
PLAIN, NEUTRAL = 0.60, 0.86

LABELS = ("labels", "hard", "people", "jargon", "negation", "pairs")

# Statements without a side. A name in braces is a list of `Words`.
STATEMENTS = """\
The {thing} was {done} on {day}.
The {thing} of the {thing} was {done} at {hour}, and the {thing} came a week later.
{Name} and {Name} {done} the {thing} in {month}.
There are {number} {things} in the {record}.
We have {number} {things} and {number} {things}, about the same as in {year}.
The {record} lists the {things} by {thing}, {thing} and {thing}.
{Name} joined the {group} in {year} from a {thing} in {town}.
The {money} rose by {percent} percent in {month}, after {percent} percent in {month}.
Most of the {money} goes on {things}.
The {role} in {town} {done} {number} {things} last {month}, {number} more than in {year}.
The next {thing} is on {day}, {date} {month}.
In {month} the {thing} was {done} from {town} to {town}.
The {adjective} {thing} is on the second floor, next to the {things}.
The {adjective} {thing} is older than the {thing} in {town}, but it holds fewer {things}.
It was {day} before the {things} were {done}.
Last year {number} {roles} came to the {thing}.
{Name} has been with us since {year}.
The {thing} opens at {hour} and closes at {hour}.
Our {group} in {town} has {number} {roles} and a {role}.
Between {month} and {month} the {money} fell by {percent} percent.
The {record} is in the {adjective} {thing}, under "{thing}".
The {things} were {done}, the {things} were not.
A {role} from {town} asked about the {thing} on {day}.
The {thing} has been out of use since {month}, when the {thing} was {done}.
When the {thing} was {done}, the {role} was still in {town}.
As of {month}, {number} of the {number} {things} had been {done}.
The {record} for {year} has {number} pages, and the {thing} is on page {number}.
On {day} the {group} {done} the {adjective} {things} of the {thing}.
The {things} that {Name} {done} in {town} are {adjective}er than those of {year}; the {money} is not known yet.
According to the {record}, the {thing} takes {number} days.
This {thing} is for {roles} of the {group} in {town}.
The rest of the {things} come by road from {town}.
It is {number} miles from the {thing} to the {thing}.
What was {done} in {month} is not in the {record}, since the {thing} was late.
For the {group} the {month} {thing} was the largest since {year}.
{Name} wrote the {record}, {Name} drew the {things}.
The {things} are {done} every {day}, except in {month}.
The {money} for the {adjective} {thing} was {number} dollars, of which {number} were for {things}.
Both {things} have the same {thing}.
If the {thing} is {done} by {day}, the {things} arrive in {month}.
"""

ADJECTIVES = "old new small large long short dark light cheap thick clean warm cold quick slow green broad tall deep"
MONTHS = "January February March April May June July August September October November December"
DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday"
TOWNS = "Ashford Bremerton Cardross Dunmore Elgin Fairhaven Galway Hartwell Ithaca Juneau Kendal Larkmoor Mödling Århus"
GROUPS = "team office department crew company board committee branch group section"
NAMES_WITH_ACCENTS = "Zoë Máire José Åsa Noël"
# Verbs whose past takes -d or -ed as they stand.
REGULAR = r"[^aeiou](e|[^aeiouwxy][dklmpt]|ss|sh)$"

HEADINGS = """\
Background
Where we are
The {thing} in {month}
{Things}
The {record} of {year}
Notes
{Town} and {town}
What changed
The {adjective} {thing}
Dates
"""
LEAD_INS = """\
The {thing} has these {things}:
On the list for {month}:
In {town} there are:
Of the {record}, in short:
"""
ITEMS = """\
{Things} and {things} for the {thing}
the {adjective} {thing} in {town}
{number} {things}
{Name}: the {record}
a {thing}, {done} in {month}
the {money} of {year}
"""


class Words:
    """Lists of words by what they are, the frequent ones first in each."""

    def __init__(self):
        lexicons = ROOT / "lexicons"
        classes = {}
        for name in ("classes", "topics", "wordnet"):
            for entry in tomllib.loads((lexicons / f"{name}.toml").read_text("utf-8"))["class"]:
                classes[entry["name"]] = entry.get("words", "").split()
        irregular = tomllib.loads((lexicons / "words.toml").read_text("utf-8"))["irregular"]
        lines = (ROOT / "src/lexicon/frequencies.txt").read_text("utf-8").splitlines()
        frequency = {word: int(count) for word, _, count in (line.partition(" ") for line in lines if line[0] != "#")}

        def ranked(words):
            return sorted(set(words), key=lambda word: (-frequency.get(word, 0), word))

        def nouns(*names):
            """The nouns of classes that have a plural, which is what the tilde stands for."""
            words = (word[:-1] for name in names for word in classes[name] if word.endswith("~"))
            return ranked(word for word in words if len(word) > 2 and not word.endswith("f"))

        verbs = [word for word in classes["VERB_SURE"] if word not in irregular and re.search(REGULAR, word)]
        verbs = [word for word in verbs if word in frequency] + verbs[::40]
        self.lists = {
            "thing": nouns("TOPIC_RECORD", "SOFTWARE", "TOPIC_MONEY"),
            "record": nouns("TOPIC_RECORD"),
            "money": nouns("TOPIC_MONEY"),
            "role": nouns("ROLE", "TOPIC_OUTSIDER"),
            "group": GROUPS.split(),
            "done": [past(word) for word in ranked(verbs)],
            "adjective": ADJECTIVES.split(),
            "month": MONTHS.split(),
            "day": DAYS.split(),
            "town": TOWNS.split(),
            "name": [word.capitalize() for word in classes["NAME"] if len(word) > 3] + NAMES_WITH_ACCENTS.split(),
        }
        for name in ("thing", "role"):
            self.lists[name + "s"] = [plural(word) for word in self.lists[name]]


def past(verb):
    """The past of a regular verb that doubles nothing."""
    return verb + ("d" if verb.endswith("e") else "ed")


def plural(noun):
    """The plural of a regular noun."""
    if re.search(r"[^aeiou]y$", noun):
        return noun[:-1] + "ies"
    return noun + ("es" if re.search(r"(s|x|z|ch|sh)$", noun) else "s")


def labelled():
    """The sentences of the label files: those without a side, and the others."""
    neutral, sided = [], []
    for name in LABELS:
        with open(ROOT / f"samples/{name}.tsv", encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
                if row["text"][-1:] in ".?!" and row["text"].count(" ") > 2:
                    (neutral if row["label"] == "neutral" else sided).append(row["text"])
    return neutral, sided


class Writer:
    """Writes one piece of text after another. Draws from `random()` only, which is the same in every Python."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.words = Words().lists
        self.neutral, self.sided = labelled()
        self.statements = STATEMENTS.splitlines()

    def pick(self, items):
        return items[int(self.random.random() * len(items))]

    def number(self, low, high):
        return low + int(self.random.random() * (high - low + 1))

    def filled(self, pattern):
        """A pattern with a word for each name in braces; a frequent word comes up more often than a rare one."""

        def word(match):
            name = match[1]
            if name == "number":
                return str(self.number(2, 400))
            if name == "date":
                return str(self.number(1, 28))
            if name == "year":
                return str(self.number(1990, 2025))
            if name == "percent":
                return f"{self.number(1, 30)}.{self.number(0, 9)}"
            if name == "hour":
                return f"{self.number(7, 19)}:{self.number(0, 5)}0"
            words = self.words[name.lower()]
            found = words[int(self.random.random() * self.random.random() * len(words))]
            return found.capitalize() if name[0].isupper() else found

        text = re.sub(r"\{(\w+)\}", word, pattern)
        return re.sub(r"\b([Aa]) (?=[aeio])", r"\1n ", text)

    def sentence(self):
        kind = self.random.random()
        if kind < PLAIN:
            return self.filled(self.pick(self.statements))
        return self.pick(self.neutral if kind < NEUTRAL else self.sided)

    def paragraph(self, width):
        text = " ".join(self.sentence() for _ in range(self.number(2, 7)))
        if self.random.random() < 0.1:
            text = text.replace("'", "’").replace(", ", " – ", 1)
        return textwrap.fill(text, width) if width else text

    def items(self, is_markdown):
        """A list and what leads in to it."""
        lines = [self.filled(self.pick(LEAD_INS.splitlines())), ""]
        lines += ["- " + self.filled(self.pick(ITEMS.splitlines())) for _ in range(self.number(3, 6))]
        return "\n".join(lines if is_markdown else lines[:1] + lines[2:])

    def table(self):
        rows = ["| Thing | Number | Where |", "|---|---:|---|"]
        rows += [self.filled("| {things} | {number} | {town} |") for _ in range(self.number(3, 8))]
        return "\n".join(rows)

    def heading(self, is_markdown, level):
        text = self.filled(self.pick(HEADINGS.splitlines()))
        return f"{'#' * level} {text}" if is_markdown else text

    def marked(self, text):
        """A paragraph with a few words in bold or in a link."""
        words = text.split(" ")
        at = int(self.random.random() * len(words))
        mark = self.pick(["**{}**", "*{}*", "[{}](https://intranet.example/page)", "`{}`"])
        words[at] = mark.format(words[at]) if words[at].isalpha() else words[at]
        return " ".join(words)

    def document(self, size, is_markdown):
        """A document of about that many bytes."""
        width = self.pick([0, 0, 72, 100])
        pieces = [self.heading(is_markdown, 1)]
        length = len(pieces[0].encode())
        while length < size:
            kind = self.random.random()
            if kind < 0.1:
                pieces.append(self.heading(is_markdown, 2))
            elif kind < 0.16:
                pieces.append(self.items(is_markdown))
            elif kind < 0.18 and is_markdown:
                pieces.append(self.table())
            elif kind < 0.20 and is_markdown:
                pieces.append("> " + self.paragraph(0))
            elif kind < 0.21 and is_markdown:
                pieces.append("```sh\n" + self.filled("{thing} --{record} {number}") + "\n```")
            else:
                text = self.paragraph(width)
                pieces.append(self.marked(text) if is_markdown and kind > 0.7 else text)
            length += len(pieces[-1].encode()) + 2
        return "\n\n".join(pieces) + "\n"


def generate(folder, files, size, extension, seed):
    """Writes that many files of `size` bytes in all, a paragraph more or less, in folders of a hundred."""
    writer = Writer(seed)
    squares = [writer.random.random() * writer.random.random() for _ in range(files)]
    weights = [0.25 + 6 * square * square for square in squares]
    total, due, written = sum(weights), 0.0, 0
    for index, weight in enumerate(weights):
        due += size * weight / total
        text = writer.document(due - written, extension == "md").encode("utf-8")
        written += len(text)
        path = folder / f"{index // 100:03}" / f"{index:05}.{extension}"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text)
    return written


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--preset", choices=PRESETS)
    parser.add_argument("--files", type=int, default=80)
    parser.add_argument("--bytes", type=int, default=1_000_000)
    parser.add_argument("--format", choices=["md", "txt"], default="md")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    asked = PRESETS.get(args.preset, {"files": args.files, "bytes": args.bytes, "format": args.format})
    written = generate(args.folder, asked["files"], asked["bytes"], asked["format"], args.seed)
    print(f"{args.folder}: {asked['files']} files, {written} bytes")


if __name__ == "__main__":
    main()
