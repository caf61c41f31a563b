"""A green run that proves nothing is called by its name."""

import importlib.util
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = ROOT / "scripts" / "verdict.py"

REPORT = """<testsuites><testsuite>
<testcase classname="tests.a.test_b" name="test_passes"/>
<testcase classname="tests.a.test_b" name="test_fails"><failure message="no"/></testcase>
<testcase classname="tests.a.test_b" name="test_skips"><skipped message="DAODI_SHARED: no folder"/></testcase>
</testsuite></testsuites>"""


@pytest.fixture(scope="module")
def verdict() -> ModuleType:
    spec = importlib.util.spec_from_file_location("verdict", PROGRAM)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["verdict"] = module
    spec.loader.exec_module(module)
    return module


def run(report: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, PROGRAM, report, *arguments], capture_output=True, text=True, check=False
    )


def test_the_last_line_counts_what_happened(tmp_path: Path) -> None:
    report = tmp_path / "junit.xml"
    report.write_text(REPORT, "utf-8")
    done = run(report)
    assert done.stdout.splitlines()[-1] == "1 passed, 1 failed, 1 skipped"
    assert done.returncode == 1


def test_a_missing_report_is_no_success(verdict: ModuleType, tmp_path: Path) -> None:
    cases = verdict.read_cases(tmp_path / "nothing.xml")
    assert verdict.faults(cases, tmp_path / "no-shared", set()) == ["no test ran"]


def test_a_skipped_test_that_could_run_is_a_failure(verdict: ModuleType, tmp_path: Path) -> None:
    shared = tmp_path / "shared"
    shared.mkdir()
    cases = [
        verdict.Case("tests.a.test_b.test_one", "passed", ""),
        verdict.Case("tests.a.test_b.test_two", "skipped", "no such vector"),
        verdict.Case("tests.a.test_b.test_three", "skipped", "needs a Mac"),
    ]
    found = verdict.faults(cases, shared, {"tests.a.test_b.test_two"})
    assert found == ["skipped although shared/ is there: tests.a.test_b.test_two: no such vector"]


def test_without_the_folder_a_skip_is_only_a_skip(verdict: ModuleType, tmp_path: Path) -> None:
    cases = [
        verdict.Case("tests.a.test_b.test_one", "passed", ""),
        verdict.Case("tests.a.test_b.test_two", "skipped", "DAODI_SHARED: no folder"),
    ]
    assert verdict.faults(cases, tmp_path / "absent", set()) == []


def test_a_crashed_pytest_is_a_failure_even_when_every_test_passed(tmp_path: Path) -> None:
    report = tmp_path / "junit.xml"
    report.write_text('<testsuite><testcase classname="tests.a" name="test_one"/></testsuite>', "utf-8")
    done = run(report, "--pytest-status", "3")
    assert done.returncode == 1
    assert done.stdout.splitlines()[-1] == "1 passed, 1 failed"
