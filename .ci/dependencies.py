#!/usr/bin/env python3
"""Holds the dependency tree of Cargo.lock against deny.toml: licences, sources, bans, doubles.

The same questions as `cargo deny check bans licenses sources`, for machines without it: building cargo-deny takes
minutes. Asks cargo for the tree and nothing of the network; needs Python 3.11. Known
vulnerabilities are not looked for, since the list of them is on the network: run `cargo deny check advisories` for these.
"""

import json
import re
import subprocess
import sys
import tomllib
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def allows(expression, allowed):
    """Whether an SPDX expression can be met by licences that are allowed. `/` is an older way to write OR."""
    tokens = re.findall(r"\(|\)|\bWITH\b|\bAND\b|\bOR\b|[\w.+-]+", expression.replace("/", " OR "))
    at = 0

    def alternatives():
        nonlocal at
        met = conjunction()
        while at < len(tokens) and tokens[at] == "OR":
            at += 1
            met = conjunction() or met
        return met

    def conjunction():
        nonlocal at
        met = one()
        while at < len(tokens) and tokens[at] == "AND":
            at += 1
            met = one() and met
        return met

    def one():
        nonlocal at
        if at >= len(tokens):
            raise ValueError(f"not a licence: {expression}")
        token = tokens[at]
        at += 1
        if token == "(":
            met = alternatives()
            at += 1
            return met
        if at + 1 < len(tokens) and tokens[at] == "WITH":
            token = f"{token} WITH {tokens[at + 1]}"
            at += 2
        return token in allowed

    return alternatives()


def main():
    rules = tomllib.loads((ROOT / "deny.toml").read_text(encoding="utf-8"))
    command = ["cargo", "metadata", "--format-version", "1", "--locked", "--all-features"]
    tree = json.loads(subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE).stdout)
    allowed = set(rules["licenses"]["allow"])
    registries = {f"registry+{registry}" for registry in rules["sources"]["allow-registry"]}
    banned = {ban["crate"] for ban in rules["bans"]["deny"]}
    skipped = {skip["crate"] for skip in rules["bans"]["skip"]}
    own = set(tree["workspace_members"])
    wrong, used, versions = [], set(), defaultdict(list)
    for package in tree["packages"]:
        name, version, source = package["name"], package["version"], package["source"]
        versions[name].append(version)
        if not package["license"]:
            wrong.append(f"{name} {version}: no licence named")
        elif not allows(package["license"], allowed):
            wrong.append(f"{name} {version}: licence {package['license']}")
        if name in banned:
            wrong.append(f"{name} {version}: banned")
        if package["id"] not in own and source not in registries:
            wrong.append(f"{name} {version}: from {source}")
        if package["id"] in own:
            for dependency in package["dependencies"]:
                if dependency["req"] == "*":
                    wrong.append(f"{name}: any version of {dependency['name']}")
    for name, found in versions.items():
        kept = [version for version in found if f"{name}@{version}" not in skipped]
        used |= {f"{name}@{version}" for version in found} & skipped
        if len(kept) > 1:
            wrong.append(f"{name}: {len(kept)} versions, {', '.join(sorted(kept))}")
    wrong += [f"deny.toml: {skip} is skipped and is not there" for skip in sorted(skipped - used)]
    for line in sorted(wrong):
        print(line)
    if not wrong:
        print(f"{len(tree['packages'])} packages: licences, sources and versions as deny.toml says")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
