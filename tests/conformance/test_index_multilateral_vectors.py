"""Published multilateral vectors: IndexNumR's and gpindex's splices, to the tolerance of each set."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from priceindex.multilateral.conventions import Sample, Splice, SplicedOn
from priceindex.multilateral.splices import spliced
from tests.conformance.index_panels import SPLICES, extended, farthest, levels_of, read_panel, told

pytestmark = pytest.mark.shared
TOLERANCE = 1e-9
TOY_TOLERANCE = 1e-12

COVERED = frozenset(
    {
        "price6_multilateral_indexnumr.json:/*",
        "ces_sigma2_multilateral_indexnumr.json:/*/geks_fisher",
        "ces_sigma2_multilateral_indexnumr.json:/*/geks_tornqvist",
        "ces_sigma2_multilateral_indexnumr.json:/*/geks_walsh",
        "ces_sigma2_multilateral_indexnumr.json:/*/geks_jevons",
        "ces_sigma2_multilateral_indexnumr.json:/*/gk",
        "ces_sigma2_multilateral_indexnumr.json:/*/wtpd",
        "herb_panel_A_indexnumr.json:/full_window/*",
        "herb_panel_A_indexnumr.json:/window_13/*",
        "herb_panel_A_multilateral_unmatched_indexnumr.json:/*",
        "splice_toy_gpindex.json:/mean*",
        "splice_toy_gpindex.json:/movement",
        "splice_toy_gpindex.json:/window",
        "splice_toy_gpindex.json:/window_published_wisp",
    }
)
"""Which keys of the expected files these tests meet; `geks_tpd` hides an adjustment and is left out."""


@pytest.fixture(scope="module")
def vectors(shared: Path) -> Path:
    """The folder of index vectors."""
    return shared / "vectors" / "index"


@pytest.mark.parametrize(
    ("inputs", "name", "sample"),
    [
        ("price6", "price6_multilateral_indexnumr", "whole_window"),
        ("ces_sigma2", "ces_sigma2_multilateral_indexnumr", "whole_window"),
        ("herb_panel_A", "herb_panel_A_indexnumr", "whole_window"),
        ("herb_panel_A", "herb_panel_A_multilateral_unmatched_indexnumr", "all"),
    ],
)
def test_every_method_and_extension_gives_indexnumr_values(
    vectors: Path, inputs: str, name: str, sample: Sample
) -> None:
    panel = read_panel(vectors, inputs)
    periods = len(panel.periods)
    far = {
        (width, extension, method): farthest(
            extended(levels_of(panel, method, sample), periods, width, extension), expected
        )
        for width, extension, method, expected in _series(told(vectors, name), periods)
    }
    assert len(far) > 3
    assert {key: value for key, value in far.items() if not value <= TOLERANCE} == {}


def _series(expected: Any, periods: int) -> list[tuple[int, str, str, Any]]:
    """Width, extension, method and values of each series of a file that is multilateral."""
    full = expected.get("full_window", {})
    listed = [(periods, "full_window", method, values) for method, values in full.items()]
    for window, extensions in expected.items():
        if window.startswith("window_"):
            listed += [
                (int(window.removeprefix("window_")), extension, method, values)
                for extension, methods in extensions.items()
                for method, values in methods.items()
                if method != "geks_tpd"
            ]
    return listed


@pytest.mark.parametrize(
    ("key", "splice", "on"),
    [
        ("mean", *SPLICES["mean"]),
        ("movement", *SPLICES["movement"]),
        ("window", *SPLICES["window"]),
        ("window_published_wisp", *SPLICES["wisp"]),
        ("mean_published", *SPLICES["mean_pub"]),
    ],
)
def test_splices_give_the_toy_of_gpindex(vectors: Path, key: str, splice: Splice, on: SplicedOn) -> None:
    toy = told(vectors, "splice_toy_gpindex")
    windows = np.array([[1.0, *np.cumprod(moves)] for moves in toy["windows"]])
    assert farthest(spliced(windows, splice, on)[1:], toy[key]) <= TOY_TOLERANCE
