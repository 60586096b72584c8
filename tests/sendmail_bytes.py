#!/usr/bin/env python3
"""Sends every file below FOLDER through `leadtone sendmail -- cat` and compares the bytes.

Usage: sendmail_bytes.py FOLDER [LEADTONE] [OPTION]...

A message has to come out as it went in with exit code 0, or not at all with exit code 1, which is a refusal. Prints the
counts, and exits with 1 if any message came to something else. OPTIONs go to `leadtone sendmail`; with --on-fail=pass
every message has to come out. LEADTONE is target/release/leadtone where it is not named.
"""

import concurrent.futures
import os
import pathlib
import subprocess
import sys


def sent(program, options, path):
    message = path.read_bytes()
    command = [program, "sendmail", *options, "--", "cat"]
    ran = subprocess.run(command, input=message, capture_output=True, check=False)
    if ran.returncode == 0 and ran.stdout == message:
        return "unchecked" if b"handed on unchecked" in ran.stderr else "equal"
    if ran.returncode == 1 and not ran.stdout and b"not sent; " in ran.stderr:
        return "refused"
    return f"WRONG (exit {ran.returncode}, {len(ran.stdout)} of {len(message)} bytes)"


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    folder = pathlib.Path(sys.argv[1])
    program = sys.argv[2] if len(sys.argv) > 2 else "target/release/leadtone"
    if not os.path.isfile(program):
        sys.exit(f"{program} is not there: cargo build --release")
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    counts = {}
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for path, result in zip(paths, pool.map(lambda path: sent(program, sys.argv[3:], path), paths)):
            if result.startswith("WRONG"):
                print(f"{path}: {result}")
                result = "wrong"
            counts[result] = counts.get(result, 0) + 1
    equal = counts.get("equal", 0) + counts.get("unchecked", 0)
    print(
        f"{len(paths)} messages: {equal} arrived byte for byte ({counts.get('unchecked', 0)} of them unchecked), "
        f"{counts.get('refused', 0)} refused, {counts.get('wrong', 0)} wrong"
    )
    return 1 if counts.get("wrong") or not paths else 0


if __name__ == "__main__":
    sys.exit(main())
