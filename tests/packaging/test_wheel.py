"""The wheel carries all of daodi, and `trace` is ours wherever it is run from.

The wheel is built and installed for real, into a fresh environment that sees the dependencies already
installed here, but not this checkout: no network is needed, and `daodi` can only come from the wheel.
"""

import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

pytestmark = pytest.mark.packaging

ROOT = Path(__file__).resolve().parents[2]
CARRIED = (
    "api/cli/app.py",
    "api/migrations/env.py",
    "api/web/locales/zh/scan.toml",
    "api/web/locales/en/scan.toml",
    "api/web/guide_texts/zh/grower.md",
    "api/web/guide_texts/en/developer.md",
    "priceindex/methods/bozhou@1.toml",
    "trace/facts/herbs.csv",
    "daodi_city/__init__.py",
)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel as pip would, without fetching anything."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--disable-pip-version-check"]
    command += ["--no-build-isolation", "--no-deps", "--no-index", "--wheel-dir", str(folder), str(ROOT)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return next(folder.glob("daodi-*.whl"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the wheel into a fresh environment and return that environment's bin folder."""
    home = tmp_path_factory.mktemp("environment")
    venv.create(home, with_pip=False, symlinks=True)
    here = sysconfig.get_path("purelib", vars={"base": str(home)})
    command = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", "--python"]
    command += [str(home / "bin" / "python"), "install", "--no-deps", "--no-index", str(wheel)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    # A path named in a .pth file is searched, but the .pth files inside it are not read: this checkout,
    # which is installed there by one, stays out of sight.
    Path(here, "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n", "utf-8")
    return home / "bin"


def run(program: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run from the root of the file system, in an environment that says nothing of this checkout."""
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("DAODI_", "PYTHON", "COV_"))
    }
    return subprocess.run(
        [program, *arguments],
        cwd="/",
        env=kept | {"LANG": "en_GB.UTF-8"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_wheel_carries_code_words_facts_and_pages(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    assert [name for name in CARRIED if name not in names] == []
    assert any(name.startswith("api/web/templates/") for name in names)
    assert any(name.startswith("api/web/static/") for name in names)


def test_the_wheel_carries_nothing_else(wheel: Path) -> None:
    tops = {name.partition("/")[0] for name in zipfile.ZipFile(wheel).namelist()}
    expected = {"ledger", "trace", "priceindex", "api", "daodi_city"}
    assert {top for top in tops if not top.endswith(".dist-info")} == expected


def test_every_file_of_the_packages_is_in_the_wheel(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    here = [
        path.relative_to(ROOT).as_posix()
        for package in ("ledger", "trace", "priceindex", "api")
        for path in (ROOT / package).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    ]
    assert [name for name in here if name not in names] == []


def test_trace_is_ours_from_another_folder(installed: Path) -> None:
    done = run(installed / "python", "-c", "import api, trace; print(trace.__file__); print(api.__file__)")
    ours, api_file = done.stdout.splitlines()
    assert Path(ours).is_relative_to(installed.parent)
    assert Path(api_file).is_relative_to(installed.parent)
    assert Path(ours).parent.name == "trace"


def test_python_keeps_its_own_trace_where_daodi_is_not_asked_for(installed: Path) -> None:
    done = run(installed / "python", "-c", "import trace; print(hasattr(trace, 'Trace'))")
    assert done.stdout == "True\n"


def test_the_program_tells_its_version_from_the_root(installed: Path) -> None:
    done = run(installed / "daodi", "--version")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("daodi ")


def test_the_wheel_makes_the_demo_city_from_the_root(installed: Path) -> None:
    done = run(installed / "daodi", "demo", "--dry-run")
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout
