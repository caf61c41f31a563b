"""The locks name exact versions and hashes, no addresses, and fit pyproject.toml."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).resolve().parents[2]
PINNED = re.compile(r"^([A-Za-z0-9._-]+)==([^ ;\\]+)( ; [^\\]+)? \\$", re.MULTILINE)
LOCKS = {
    "requirements.lock": ("build",),
    "requirements-test.lock": ("build", "bench", "test"),
    "requirements-compare.lock": ("compare",),
}
"""Each lock and what it pins beside the run-time packages; a dependency group is pinned alone."""


def pins(lock: str) -> dict[str, Version]:
    text = (ROOT / lock).read_text("utf-8")
    return {canonicalize_name(name): Version(version) for name, version, _ in PINNED.findall(text)}


def declared(extras: tuple[str, ...]) -> list[Requirement]:
    told = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    project, groups = told["project"], told["dependency-groups"]
    words = [word for name in extras if name in groups for word in groups[name]]
    if not words:
        words = project["dependencies"] + [
            word for extra in extras for word in project["optional-dependencies"][extra]
        ]
    return [wanted for wanted in map(Requirement, words) if wanted.name != project["name"]]


def direct(lock: str) -> set[str]:
    """Packages a lock says pyproject.toml itself asks for."""
    text = (ROOT / lock).read_text("utf-8")
    blocks = re.split(r"^(?=[A-Za-z0-9])", text, flags=re.MULTILINE)
    asked = (block for block in blocks if re.search(r"#.* daodi \(pyproject\.toml(?::\w+)?\)", block))
    return {canonicalize_name(block.partition("==")[0]) for block in asked}


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_holds_no_address(lock: str) -> None:
    assert re.search(r"://|--(extra-)?index-url|--find-links", (ROOT / lock).read_text("utf-8")) is None


@pytest.mark.parametrize("lock", LOCKS)
def test_every_pin_carries_its_hashes(lock: str) -> None:
    text = (ROOT / lock).read_text("utf-8")
    blocks = [block for block in re.split(r"^(?=[A-Za-z0-9])", text, flags=re.MULTILINE) if "==" in block]
    assert len(blocks) == len(PINNED.findall(text)) > 0
    assert [block.partition(" ")[0] for block in blocks if "--hash=sha256:" not in block] == []


@pytest.mark.parametrize(("lock", "extras"), LOCKS.items())
def test_a_lock_fits_what_the_project_asks_for(lock: str, extras: tuple[str, ...]) -> None:
    pinned = pins(lock)
    wanted = declared(extras)
    unfit = [
        str(one)
        for one in wanted
        if not one.specifier.contains(pinned.get(canonicalize_name(one.name), Version("0")))
    ]
    assert unfit == [], "run scripts/lock"


@pytest.mark.parametrize(("lock", "extras"), LOCKS.items())
def test_a_lock_asks_for_nothing_the_project_dropped(lock: str, extras: tuple[str, ...]) -> None:
    assert direct(lock) == {canonicalize_name(one.name) for one in declared(extras)}, "run scripts/lock"


def test_tests_run_on_the_versions_that_are_shipped() -> None:
    shipped, tested = pins("requirements.lock"), pins("requirements-test.lock")
    assert {name: tested.get(name) for name in shipped} == shipped
