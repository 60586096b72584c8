"""Holds the outputs of `leadtone check` against schemas and parsers that others wrote.

Two reports are looked at: the one behind the expected outputs in tests/it/render/, which is hostile, and a check of
samples/ with a file that cannot be read. Called by .ci/run, which installs what is imported here; asks no network.

    validate.py PROGRAM TOOLS

PROGRAM is the leadtone to run, TOOLS the folder that holds node_modules/ and the unpacked sources.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import cmarkgfm
import jsonschema
import junitparser
from cmarkgfm.cmark import Options
from diff_cover.git_path import GitPathTool
from diff_cover.violationsreporters.java_violations_reporter import CheckstyleXmlDriver
from lxml import etree, html

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).resolve().parent
COMMENT_LIMIT = 65_536


def run(*command, **options):
    """Runs a tool; what it said is shown if it fails."""
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=False, **options)
    if done.returncode != 0:
        raise AssertionError(f"{command[0]} says {done.returncode}:\n{done.stdout}{done.stderr}")
    return done.stdout


class Tools:
    """What others wrote."""

    def __init__(self, folder: Path):
        self.modules = folder / "node_modules"
        self.sources = folder / "sources"

    def sarif(self, path: Path, report: dict) -> str:
        package = self.modules / "@microsoft/sarif-multitool-linux"
        log = json.loads(path.read_text("utf-8"))
        schema = json.loads((package / "sarif-2.1.0.json").read_text("utf-8-sig"))
        jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker()).validate(log)
        results = log["runs"][0]["results"]
        count = findings(report) + failed(report) + report["gate"]["suppressed"]
        assert len(results) == count, len(results)
        assert sum(len(result["suppressions"]) for result in results) == report["gate"]["suppressed"]
        said = "schema"
        if sys.platform == "linux" and os.uname().machine == "x86_64":
            program = package / "Sarif.Multitool"
            program.chmod(0o755)
            verdict = path.with_suffix(".verdict")
            environment = os.environ | {"DOTNET_SYSTEM_GLOBALIZATION_INVARIANT": "1", "DOTNET_CLI_TELEMETRY_OPTOUT": "1"}
            done = subprocess.run(
                [program, "validate", path, "--output", verdict, "--log", "ForceOverwrite", "--rule-kind", "Sarif"],
                capture_output=True, text=True, check=False, env=environment,
            )
            assert verdict.exists(), done.stdout + done.stderr
            found = json.loads(verdict.read_text("utf-8-sig"))["runs"][0]
            errors = [result for result in found.get("results", []) if result.get("level", "warning") == "error"]
            assert not errors, json.dumps(errors[:3], indent=1)
            said += ", SARIF Multitool"
        return f"{len(results)} results: {said}"

    def github(self, path: Path, report: dict) -> str:
        lines = path.read_text("utf-8").removesuffix("\n").split("\n")
        annotations = [annotation(line) for line in lines[:-1]]
        assert not lines[-1].startswith("::"), "the last line is for people"
        assert len(annotations) == findings(report) + failed(report) + len(report["failures"])
        reissued = run("node", "reissue.mjs", input=json.dumps(annotations), cwd=self.modules.parent)
        assert reissued == "".join(f"{line}\n" for line in lines[:-1]), "the library escapes in another way"
        return f"{len(annotations)} commands: byte for byte as @actions/core writes them"

    def gitlab(self, path: Path, report: dict) -> str:
        issues = json.loads(path.read_text("utf-8"))
        assert len(issues) == findings(report) + failed(report) + len(report["failures"])
        assert len({issue["fingerprint"] for issue in issues}) == len(issues)
        typed = self.modules.parent / "issues.ts"
        typed.write_text(
            "import type { Issue } from 'codeclimate-types'\n"
            f"export const issues: Issue[] = {json.dumps(issues)}\n", "utf-8",
        )
        compiler = self.modules / "typescript/bin/tsc"
        run("node", compiler, "--noEmit", "--strict", "--skipLibCheck", typed, cwd=self.modules.parent)
        return f"{len(issues)} issues: the types of Code Climate"

    def junit(self, path: Path, report: dict) -> str:
        (schema,) = self.sources.glob("*/tests/vendor/jenkins/xunit-plugin/ae25*/junit-10.xsd")
        etree.XMLSchema(etree.parse(schema)).assertValid(etree.parse(path))
        suites = junitparser.JUnitXml.fromfile(str(path))
        (suite,) = suites
        cases = list(suite)
        kinds = [type(result).__name__ for case in cases for result in case.result]
        assert len(cases) == suite.tests == suites.tests == len(report["documents"]) + len(report["failures"])
        assert kinds.count("Failure") == suite.failures == failed(report)
        assert kinds.count("Error") == suite.errors == len(report["failures"])
        assert kinds.count("Skipped") == suite.skipped == report["gate"]["not_judged"]
        return f"{len(cases)} cases: XSD of Jenkins, junitparser"

    def checkstyle(self, path: Path, report: dict) -> str:
        GitPathTool.set_cwd(None)
        found = CheckstyleXmlDriver().parse_reports([path.read_text("utf-8")])
        count = sum(len(violations) for violations in found.values())
        assert count == findings(report) + failed(report) + len(report["failures"]), count
        return f"{count} errors in {len(found)} files: diff-quality"

    def rdjsonl(self, path: Path, report: dict) -> str:
        diagnostics = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
        assert len(diagnostics) == findings(report) + failed(report) + len(report["failures"])
        array = path.with_suffix(".rdf.json")
        array.write_text(json.dumps(diagnostics), "utf-8")
        program = self.modules / ".bin/rdformat-validator"
        run(program, "--strict", "--no-extra-fields", array)
        return f"{len(diagnostics)} diagnostics: rdformat-validator"

    def markdown(self, path: Path, report: dict) -> str:
        text = path.read_text("utf-8")
        assert len(text) < COMMENT_LIMIT
        written = cmarkgfm.github_flavored_markdown_to_html(text, Options.CMARK_OPT_UNSAFE)
        page = html.document_fromstring(f"<html><body>{written}</body></html>")
        elements = {element.tag for element in page.iter() if isinstance(element.tag, str)}
        known = {"html", "body", "h3", "p", "table", "thead", "tbody", "tr", "th", "td", "ul", "li", "strong", "details",
                 "summary", "ins", "sub", "code"}
        assert elements <= known, elements - known
        rows = page.xpath("//tbody/tr")
        without = sum(int(count) for count in re.findall(r"has no room: (\d+) document", text))
        assert len(rows) + without == len(report["documents"]), f"{len(rows)} rows, {without} left out"
        shown = page.xpath("//details/ul/li[strong]")
        left_out = sum(int(count) for count in re.findall(r"^\*\*Left out: (\d+) sentence", text, re.MULTILINE))
        assert len(shown) + left_out == findings(report), f"{len(shown)} shown, {left_out} left out"
        called = [words for words in page.xpath("//text()") if re.search(r"[@#]\w", words)]
        assert not called, called
        return f"{len(rows)} rows, {len(shown)} sentences and {left_out} left out: cmark-gfm"


def annotation(line: str) -> dict:
    """The parts of a workflow command, by the rules of the runner."""
    command, rest = line.removeprefix("::").split(" ", 1)
    properties, message = rest.split("::", 1)
    names = {"line": "startLine", "col": "startColumn"}
    read = {}
    for part in properties.split(","):
        name, value = part.split("=", 1)
        value = unescaped(value, {"%0D": "\r", "%0A": "\n", "%3A": ":", "%2C": ","})
        read[names.get(name, name)] = value
    return {"command": command, "message": unescaped(message, {"%0D": "\r", "%0A": "\n"}), "properties": read}


def unescaped(text: str, codes: dict) -> str:
    for code, letter in codes.items():
        text = text.replace(code, letter)
    return text.replace("%25", "%")


def findings(report: dict) -> int:
    return report["gate"]["findings"]


def failed(report: dict) -> int:
    return report["gate"]["fail"]


def main() -> None:
    program, folder = (Path(argument).resolve() for argument in sys.argv[1:3])
    tools = Tools(folder)
    checks = {
        name: getattr(tools, name)
        for name in ["sarif", "github", "gitlab", "junit", "checkstyle", "rdjsonl", "markdown"]
    }
    expected = ROOT / "tests/it/render"
    hostile = json.loads((expected / "check.json").read_text("utf-8"))
    count = 0
    with tempfile.TemporaryDirectory() as temporary:
        unread = Path(temporary) / "sheet, 100%.xlsx"
        unread.write_bytes(b"PK\x03\x04\x00\x00\xff\xfe rows")
        limits = Path(temporary) / "limits.toml"
        limits.write_text('[[profile]]\nkind = "memo"\nmax_directive = 3\n', "utf-8")
        excused = Path(temporary) / "excused.md"
        excused.write_text("<!-- leadtone: next all -- a test -->\nYou must sign the sheet.\n", "utf-8")

        def check(name: str) -> Path:
            path = Path(temporary) / f"samples.{name}"
            command = [program, "check", "--config", limits, "--quiet", "--show", "all", "--format", name]
            command += ["samples", excused, unread]
            with path.open("wb") as file:
                status = subprocess.run(command, stdout=file, stderr=subprocess.DEVNULL, cwd=ROOT, check=False)
            assert status.returncode == 2, f"{name}: {status.returncode}"
            return path

        samples = json.loads(check("json").read_text("utf-8"))
        assert findings(samples) > 100 and failed(samples) > 0 and len(samples["failures"]) == 1
        assert samples["gate"]["suppressed"] == 1
        for name, valid in checks.items():
            copy = Path(temporary) / f"hostile.{name}"
            copy.write_bytes((expected / f"check.{name}").read_bytes())
            for path, report in [(copy, hostile), (check(name), samples)]:
                try:
                    print(f"{path.name}: {valid(path, report)}")
                except Exception as error:
                    sys.exit(f"{path.name}: {type(error).__name__}: {error}")
                count += 1
    print(f"{count} outputs are valid")


if __name__ == "__main__":
    main()
