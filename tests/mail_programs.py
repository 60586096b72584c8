#!/usr/bin/env python3
"""Tries `leadtone sendmail` and the `sendemail-validate` hook with real mail programs and a real SMTP server.

Usage: mail_programs.py [LEADTONE]

The server is aiosmtpd (PyPI), on the loopback. The programs are those that are there of git send-email, msmtp, mutt and
s-nail; all but git are in Debian under these names. A program that is missing is skipped, and said to be. Exits with 1 if
a check fails, 77 if the server or every program is missing.
"""

import email
import email.policy
import os
import pathlib
import shlex
import shutil
import subprocess
import sys
import tempfile

try:
    from aiosmtpd.controller import Controller
except ImportError:
    print("skipped: no aiosmtpd; install it with pip")
    sys.exit(77)

ORDERS = """\
You must file the form today. You must sign the sheet. You must lock the gate. You must wear the badge. You must report
to the desk. You must clean the van. You must count the keys. You must close the shop. You must answer the phone. You
must stay until six. You must sweep the hall. You must post the bill.
"""
LATITUDE = "You decide how to run the stall. Take the time you need.\n"
LETTER = (
    "From: Kim <kim@example.org>\nTo: Sam <sam@example.org>\nSubject: The stall\nDate: Mon, 5 Jan 2026 10:00:00 +0000\n"
    "Message-ID: <stall.1@example.org>\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n"
    "Content-Transfer-Encoding: 8bit\n\n"
)

failures = []


def expect(name, is_so, told=""):
    print(f"{'ok' if is_so else 'FAILED'}: {name}")
    if not is_so:
        failures.append(name)
        print(told)


class Inbox:
    """What the server was given."""

    def __init__(self):
        self.got = []

    async def handle_DATA(self, _server, _session, envelope):
        self.got.append((envelope.mail_from, sorted(envelope.rcpt_tos), envelope.content))
        return "250 taken"

    def take(self):
        got, self.got = self.got, []
        return got


class Setting:
    """A home folder of its own, in which the programs find no settings but ours."""

    def __init__(self, folder, leadtone, port):
        self.folder = pathlib.Path(folder)
        self.leadtone = leadtone
        self.port = port
        self.msmtp = f"msmtp --host=127.0.0.1 --port={port} --from=kim@example.org"
        self.gated = f"{shlex.quote(leadtone)} sendmail -- {self.msmtp}"
        self.environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.folder),
            "LC_ALL": "C.UTF-8",
            "GIT_CONFIG_NOSYSTEM": "1",
            "EMAIL": "kim@example.org",
        }

    def run(self, command, stdin=b"", **environment):
        return subprocess.run(
            command,
            input=stdin,
            capture_output=True,
            check=False,
            cwd=self.folder,
            env={**self.environment, **environment},
            timeout=120,
        )


def told(ran):
    return f"exit {ran.returncode}\n{ran.stdout.decode(errors='replace')}{ran.stderr.decode(errors='replace')}"


def body(content):
    message = email.message_from_bytes(content, policy=email.policy.SMTP)
    return message.get_payload(decode=True).decode(errors="replace").replace("\r\n", "\n").strip()


def pair(name, inbox, send):
    """A letter that passes and one that fails, the second one again as it is."""
    ran = send(LATITUDE, {})
    got = inbox.take()
    is_sent = ran.returncode == 0 and len(got) == 1 and body(got[0][2]) == LATITUDE.strip()
    expect(f"{name}: a letter that passes arrives", is_sent, told(ran) + repr(got))
    expect(f"{name}: for whom it is", [to for _, to, _ in got] == [["sam@example.org"]], repr(got))
    ran = send(ORDERS, {})
    got = inbox.take()
    expect(f"{name}: a letter that fails does not", ran.returncode != 0 and not got, told(ran) + repr(got))
    shown = ran.stdout + ran.stderr
    expect(f"{name}: and its writer sees why", b"You must sign the sheet." in shown, told(ran))
    ran = send(ORDERS, {"LEADTONE_SENDMAIL": "pass"})
    got = inbox.take()
    expect(f"{name}: it does as it is", ran.returncode == 0 and len(got) == 1, told(ran) + repr(got))


def msmtp(setting, inbox):
    def send(text, environment):
        return setting.run(shlex.split(setting.gated) + ["-t"], (LETTER + text).encode(), **environment)

    pair("msmtp", inbox, send)
    letter = (LETTER + LATITUDE + ".\n..\nFrom here it is yours: größer.\n").encode()
    command = shlex.split(setting.gated) + ["-oi", "-f", "kim@example.org", "--", "sam@example.org"]
    ran = setting.run(command, letter)
    got = inbox.take()
    is_same = [content.replace(b"\r\n", b"\n") for _, _, content in got] == [letter]
    expect("msmtp: the message that the server has is the one that was sent", is_same, told(ran) + repr(got))
    closed = setting.gated.replace(f"--port={setting.port}", "--port=1")
    direct = setting.run(shlex.split(closed.split(" -- ", 1)[1]) + ["-t"], letter)
    ran = setting.run(shlex.split(closed) + ["-t"], letter)
    is_same = ran.returncode == direct.returncode != 0 and ran.stderr == direct.stderr
    expect("msmtp: a server that is down is told as msmtp tells it", is_same, told(direct) + told(ran))


def mutt(setting, inbox):
    def send(text, environment):
        settings = [
            f"set sendmail={shlex.quote(setting.gated)}",
            "set from=kim@example.org use_from=yes copy=no sendmail_wait=0",
        ]
        options = [part for line in settings for part in ("-e", line)]
        command = ["mutt", "-n", "-F", "/dev/null", *options, "-s", "The stall", "--", "sam@example.org"]
        return setting.run(command, text.encode(), **environment)

    pair("mutt", inbox, send)


def s_nail(setting, inbox):
    wrapper = setting.folder / "sendmail"
    wrapper.write_text(f'#!/bin/sh\nexec {setting.gated} "$@"\n')
    wrapper.chmod(0o755)

    def send(text, environment):
        options = [f"-Smta={wrapper}", "-Sv15-compat", "-Ssendwait", "-Sfrom=kim@example.org"]
        command = ["s-nail", "-:/", *options, "-s", "The stall", "sam@example.org"]
        return setting.run(command, text.encode(), **environment)

    pair("s-nail", inbox, send)


def repository(setting, name, text):
    folder = setting.folder / name
    git = ["git", "-C", str(folder), "-c", "user.name=Kim", "-c", "user.email=kim@example.org"]
    setting.run(["git", "init", "-q", "-b", "main", str(folder)])
    (folder / "stall.txt").write_text("One.\n")
    setting.run([*git, "add", "."])
    setting.run([*git, "commit", "-q", "-m", "Begin"])
    # What a patch changes is not what its author says in the letter.
    (folder / "stall.txt").write_text("One.\n" + "".join(f"Rule {number}: {ORDERS}" for number in range(3)))
    setting.run([*git, "commit", "-q", "-a", "-m", f"Plan the stall\n\n{text}"])
    return git


def send_email(git, options):
    fixed = ["--quiet", "--to=sam@example.org", "--from=Kim <kim@example.org>", "--confirm=never", "--suppress-cc=all"]
    return [*git, *options, "send-email", *fixed, "-1"]


def git_command(setting, inbox):
    for name, text, environment, count in [
        ("passes", LATITUDE, {}, 1),
        ("fails", ORDERS, {}, 0),
        ("fails", ORDERS, {"LEADTONE_SENDMAIL": "pass"}, 1),
    ]:
        git = repository(setting, f"command-{name}-{count}", text)
        ran = setting.run(send_email(git, ["-c", f"sendemail.sendmailCmd={setting.gated}"]), **environment)
        got = inbox.take()
        is_so = len(got) == count and (ran.returncode == 0) == (count == 1)
        expect(f"git sendmailCmd: a patch that {name}, {environment or 'as ever'}", is_so, told(ran) + repr(got))
        if not count:
            expect("git sendmailCmd: its author sees why", b"You must sign the sheet." in ran.stderr, told(ran))


def git_hook(setting, inbox):
    server = ["-c", "sendemail.smtpServer=127.0.0.1", "-c", f"sendemail.smtpServerPort={setting.port}"]
    for name, text, options, count in [
        ("passes", LATITUDE, [], 1),
        ("fails", ORDERS, [], 0),
        ("fails", ORDERS, ["--no-validate"], 1),
    ]:
        git = repository(setting, f"hook-{name}-{count}", text)
        hook = pathlib.Path(git[2]) / ".git" / "hooks" / "sendemail-validate"
        hook.parent.mkdir(exist_ok=True)
        hook.write_text(f'#!/bin/sh\nexec {shlex.quote(setting.leadtone)} check --quiet "$1" >&2\n')
        hook.chmod(0o755)
        ran = setting.run(send_email(git, server) + options)
        got = inbox.take()
        is_so = len(got) == count and (ran.returncode == 0) == (count == 1)
        expect(f"git sendemail-validate: a patch that {name} {' '.join(options)}", is_so, told(ran) + repr(got))
        if not count:
            expect("git sendemail-validate: its author sees why", b"You must sign the sheet." in ran.stderr, told(ran))


def main():
    leadtone = os.path.abspath(sys.argv[1] if len(sys.argv) > 1 else "target/release/leadtone")
    if not os.path.isfile(leadtone):
        sys.exit(f"{leadtone} is not there: cargo build --release")
    has_git = b"<options>" in subprocess.run(["git", "send-email", "-h"], capture_output=True, check=False).stdout
    has_msmtp = shutil.which("msmtp") is not None
    # The others hand their messages to msmtp.
    table = [
        ("msmtp", has_msmtp, msmtp),
        ("git send-email", has_git and has_msmtp, git_command),
        ("git send-email", has_git, git_hook),
        ("mutt", has_msmtp and shutil.which("mutt") is not None, mutt),
        ("s-nail", has_msmtp and shutil.which("s-nail") is not None, s_nail),
    ]
    inbox = Inbox()
    server = Controller(inbox, hostname="127.0.0.1", port=0)
    # The controller asks for a connection to the port that it was given; 0 is none, so one that is free is found first.
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        server.port = probe.getsockname()[1]
    server.start()
    try:
        for name, is_there, run in table:
            if is_there:
                with tempfile.TemporaryDirectory() as folder:
                    run(Setting(folder, leadtone, server.port), inbox)
            else:
                print(f"skipped: {run.__name__}, as {name} or msmtp is not installed")
    finally:
        server.stop()
    if failures:
        print(f"{len(failures)} failed: {', '.join(failures)}")
        return 1
    return 0 if any(is_there for _, is_there, _ in table) else 77


if __name__ == "__main__":
    sys.exit(main())
