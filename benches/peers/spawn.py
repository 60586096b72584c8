"""Runs a command and prints its CPU seconds, wall seconds, peak of memory in bytes and exit status.

Usage: python3 -I -S spawn.py OUTPUT COMMAND [ARG]...

A script of its own, and a small one: the kernel counts what the process that starts a program holds as the program's.
"""

import os
import sys
import time

begun = time.perf_counter()
child = os.fork()
if child == 0:
    file = os.open(sys.argv[1], os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
    os.dup2(file, 1)
    os.dup2(file, 2)
    try:
        os.execvp(sys.argv[2], sys.argv[2:])
    finally:
        os._exit(127)
_, status, usage = os.wait4(child, 0)
wall = time.perf_counter() - begun
print(usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss * 1024, os.waitstatus_to_exitcode(status))
