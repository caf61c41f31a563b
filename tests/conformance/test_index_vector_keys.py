"""Every key of every published index vector is compared by some test, or left out with its reason."""

import importlib
import json
from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, Final

import pytest

pytestmark = pytest.mark.shared
HERE: Final = Path(__file__).parent

INPUTS: Final = frozenset(
    {
        "elementary_toy.json:/prices/*",
        "elementary_toy.json:/note",
        "herb_panel_A_hierarchy_piar.json:/note",
        "herb_panel_A_hierarchy_piar.json:/weights",
        "herb_panel_A_priceindices.json:/period_1",
        "herb_panel_A_priceindices.json:/base_2023_03_start_2023_06/note",
        "lowe_young_gpindex.json:/weight_period",
        "lowe_young_gpindex.json:/price_reference",
        "lowe_young_gpindex.json:/periods",
        "outliers_gpindex.json:/relatives",
        "outliers_gpindex.json:/quantile_type",
        "piar_matched_sample.json:/new_basket_linked_202003/new_weights_at_link_period/*",
        "price6_contributions_gpindex.json:/inputs",
        "price6_contributions_gpindex.json:/note",
        "splice_toy_gpindex.json:/windows",
        "splice_toy_gpindex.json:/note",
    }
)
"""What the files say of themselves or hand in."""

LEFT_OUT: Final = {
    "ces_sigma2_multilateral_indexnumr.json:/*/geks_tpd": (
        "GEKS over bilateral time product dummies with Kennedy's adjustment, which the set itself excludes"
    ),
    "herb_panel_A_priceindices.json:/window13_first/geksaqu": (
        "GEKS over asynchronous quality-adjusted unit values (Białek 2022): no formula of the report"
    ),
    "herb_panel_A_priceindices.json:/window13_first/geksaqi": (
        "GEKS over asynchronous quality-adjusted indices (Białek 2022): no formula of the report"
    ),
    "herb_panel_A_priceindices.json:/SPQ_to_13": (
        "linking by similarity of predicted shares: no formula of the report"
    ),
    "herb_panel_A_priceindices.json:/base_2023_03_start_2023_06/values/hybrid": (
        "mixes two baskets by a correlation of prices and quantities (Białek 2020): no formula of the report"
    ),
    "herb_panel_A_priceindices.json:/base_2023_03_start_2023_06/values/geohybrid": (
        "the geometric form of the same"
    ),
}
"""Pattern of keys: why no test compares them."""
AT_MOST_LEFT_OUT: Final = 33
"""Keys left out when this list was made (28 of them are geks_tpd). It may shrink, never grow."""


def keys(content: Any, path: str = "") -> Iterator[str]:
    """Paths of everything in a file that is no object."""
    if isinstance(content, dict):
        for key, value in content.items():
            yield from keys(value, f"{path}/{key}")
    else:
        yield path


@pytest.fixture(scope="module")
def all_keys(shared: Path) -> list[str]:
    """Every key of every expected file, as `file:/path`."""
    folder = shared / "vectors" / "index" / "expected"
    return [
        f"{file.name}:{key}"
        for file in sorted(folder.glob("*.json"))
        for key in keys(json.loads(file.read_text("utf-8")))
    ]


@pytest.fixture(scope="module")
def covered() -> dict[str, frozenset[str]]:
    """The patterns that each conformance file declares."""
    files = sorted(HERE.glob("test_index_*vectors.py"))
    return {file.stem: importlib.import_module(f"tests.conformance.{file.stem}").COVERED for file in files}


def among(key: str, patterns: frozenset[str] | dict[str, str]) -> bool:
    return any(fnmatchcase(key, pattern) for pattern in patterns)


def test_every_key_is_compared_or_left_out_with_its_reason(
    all_keys: list[str], covered: dict[str, frozenset[str]]
) -> None:
    compared = frozenset().union(*covered.values())
    unknown = [key for key in all_keys if not (among(key, compared | INPUTS) or among(key, LEFT_OUT))]
    assert unknown == []


def test_the_list_of_keys_left_out_does_not_grow(
    all_keys: list[str], covered: dict[str, frozenset[str]]
) -> None:
    compared = frozenset().union(*covered.values())
    left_out = [key for key in all_keys if among(key, LEFT_OUT)]
    assert len(left_out) <= AT_MOST_LEFT_OUT
    assert all(reason for reason in LEFT_OUT.values())
    assert [key for key in left_out if among(key, compared | INPUTS)] == []


def test_every_declared_pattern_matches_a_key(
    all_keys: list[str], covered: dict[str, frozenset[str]]
) -> None:
    declared = covered | {"inputs": INPUTS, "left out": frozenset(LEFT_OUT)}
    dead = [
        (name, pattern)
        for name, patterns in declared.items()
        for pattern in sorted(patterns)
        if not any(fnmatchcase(key, pattern) for key in all_keys)
    ]
    assert dead == []


def test_the_manifest_and_the_folder_name_the_same_files(shared: Path, all_keys: list[str]) -> None:
    manifest = json.loads((shared / "vectors" / "index" / "manifest.json").read_text("utf-8"))
    told = {name for entry in manifest["vectors"] for name in named(entry["expected"])}
    assert told == {key.split(":")[0] for key in all_keys}


def named(expected: str) -> Iterator[str]:
    """The files a manifest line names: several joined by +, alternatives in braces."""
    for part in expected.split(" + "):
        head, _, rest = part.removeprefix("expected/").partition("{")
        alternatives, _, tail = rest.partition("}")
        yield from (head + one + tail for one in alternatives.split(","))
