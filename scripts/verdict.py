"""Read what pytest wrote and say in one line what it came to: `N passed, N failed, N skipped`.

With `--strict` (used by .ci/run) a green run is not enough: no test at all, or a test marked `shared`
that skipped although the folder of shared files exists, is a failure too.
"""

import argparse
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class Case:
    """One test as the report names it, and how it ended: passed, failed or skipped."""

    name: str
    outcome: str
    reason: str


def read_cases(report: Path) -> list[Case]:
    """Return every test of a JUnit report; an absent or broken report holds none."""
    try:
        root = ElementTree.parse(report).getroot()  # noqa: S314  our own pytest wrote it a moment ago
    except (OSError, ElementTree.ParseError):
        return []
    return [_case(element) for element in root.iter("testcase")]


def _case(element: ElementTree.Element) -> Case:
    name = f"{element.get('classname', '')}.{element.get('name', '')}"
    if element.find("failure") is not None or element.find("error") is not None:
        return Case(name, "failed", "")
    skipped = element.find("skipped")
    if skipped is not None:
        return Case(name, "skipped", f"{skipped.get('message') or ''} {skipped.text or ''}".strip())
    return Case(name, "passed", "")


def report_name(node_id: str) -> str:
    """Return the name a JUnit report gives to a pytest node id.

    >>> report_name("tests/ledger/test_merkle.py::TestTree::test_root[8-a.b]")
    'tests.ledger.test_merkle.TestTree.test_root[8-a.b]'
    """
    path, *inner = node_id.split("::")
    return ".".join([path.removesuffix(".py").replace("/", "."), *inner])


def tests_needing_shared() -> set[str]:
    """Ask pytest which tests carry the mark `shared`."""
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-m", "shared", "-p", "no:randomly"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    return {report_name(line) for line in listed.stdout.splitlines() if "::" in line}


def faults(cases: Sequence[Case], shared: Path, needing: set[str]) -> list[str]:
    """Say why a green run is still no proof; empty when it is one."""
    found = []
    if not any(case.outcome == "passed" for case in cases):
        found.append("no test ran")
    if shared.is_dir():
        found += [
            f"skipped although {shared.name}/ is there: {case.name}: {case.reason}"
            for case in cases
            if case.outcome == "skipped" and (case.name in needing or "DAODI_SHARED" in case.reason)
        ]
    return found


def verdict(cases: Sequence[Case], extra_failures: int) -> str:
    """Count the outcomes in one line.

    >>> verdict([Case("a", "passed", ""), Case("b", "skipped", "no folder")], 0)
    '1 passed, 0 failed, 1 skipped'
    """
    count = {
        outcome: sum(case.outcome == outcome for case in cases) for outcome in ("passed", "failed", "skipped")
    }
    line = f"{count['passed']} passed, {count['failed'] + extra_failures} failed"
    return line + (f", {count['skipped']} skipped" if count["skipped"] else "")


def main() -> int:
    """Print the verdict and return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("report", type=Path)
    parser.add_argument("--strict", action="store_true", help="judge skips and emptiness too")
    parser.add_argument("--checks-failed", type=int, default=0, help="1 when scripts/check failed")
    parser.add_argument("--pytest-status", type=int, default=0, help="exit code of scripts/test")
    given = parser.parse_args()
    cases = read_cases(given.report)
    found = ["scripts/check failed"] if given.checks_failed else []
    if given.strict:
        shared = Path(os.environ.get("DAODI_SHARED", ROOT.parent / "shared"))
        found += faults(cases, shared, tests_needing_shared() if shared.is_dir() else set())
    failed = sum(case.outcome == "failed" for case in cases)
    if given.pytest_status and not failed and not found:
        found.append(f"pytest ended with exit code {given.pytest_status}")
    for reason, count in Counter(case.reason for case in cases if case.outcome == "skipped").most_common():
        print(f"skipped {count}: {reason}")
    for fault in found:
        print(f"failed: {fault}")
    print(verdict(cases, len(found)))
    return 1 if failed or found else 0


if __name__ == "__main__":
    sys.exit(main())
