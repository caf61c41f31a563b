"""Published multilateral vectors of PriceIndices: the GEKS family, GK and TPD, splices and fixed bases."""

from pathlib import Path

import pytest

from priceindex.formulas.relatives import Floats
from priceindex.multilateral.coded_panel import CodedPanel
from priceindex.multilateral.conventions import Formula, LinkWeights, Weighting
from priceindex.multilateral.geary_khamis import geary_khamis
from priceindex.multilateral.geks import geks
from priceindex.multilateral.pairwise import links
from priceindex.multilateral.splices import spliced
from priceindex.multilateral.time_product_dummy import time_product_dummy
from priceindex.multilateral.windows import rolling
from tests.conformance.index_panels import extended, farthest, levels_of, read_panel, told

pytestmark = pytest.mark.shared
TOLERANCE = 1e-9
GK_TOLERANCE = 2e-8
"""The package stops its iteration at 1e-6."""
WIDTH = 13
FIXED_BASE_MONTHS = {"fbew": [5, 13, 16, 25], "fbmw": [13, 16, 25]}
"""Which months, counted from 1, the values of the file are."""

COVERED = frozenset(
    {
        *(
            f"herb_panel_A_priceindices.json:/window13_first/{name}"
            for name in ("geks", "geksw", "geksj", "ccdi", "geksl", "geksgl", "wgeks", "gk", "tpd", "utpd")
        ),
        "herb_panel_A_priceindices.json:/fbew/*",
        "herb_panel_A_priceindices.json:/fbmw/*",
        "herb_panel_A_priceindices.json:/ccdi_splice_w13/*",
    }
)


@pytest.fixture(scope="module")
def vectors(shared: Path) -> Path:
    """The folder of index vectors."""
    return shared / "vectors" / "index"


@pytest.fixture(scope="module")
def panel(vectors: Path) -> CodedPanel:
    """The synthetic herb panel: 70 products, 25 months, births, deaths and gaps."""
    return read_panel(vectors, "herb_panel_A")


@pytest.mark.parametrize(
    ("key", "formula", "weights"),
    [
        ("geks", "fisher", "equal"),
        ("geksw", "walsh", "equal"),
        ("geksj", "jevons", "equal"),
        ("ccdi", "tornqvist", "equal"),
        ("geksl", "laspeyres", "equal"),
        ("geksgl", "geometric_laspeyres", "equal"),
        ("wgeks", "fisher", "by_value"),
    ],
)
def test_the_geks_family_gives_its_values(
    vectors: Path, panel: CodedPanel, key: str, formula: Formula, weights: LinkWeights
) -> None:
    expected = told(vectors, "herb_panel_A_priceindices")["window13_first"][key]
    found = geks(links(panel.window(0, WIDTH - 1), formula), weights).levels
    assert farthest(found[1:], expected) <= TOLERANCE


@pytest.mark.parametrize(("key", "weighting"), [("tpd", "share"), ("utpd", "none")])
def test_time_product_dummies_give_its_values(
    vectors: Path, panel: CodedPanel, key: str, weighting: Weighting
) -> None:
    expected = told(vectors, "herb_panel_A_priceindices")["window13_first"][key]
    found = time_product_dummy(panel.window(0, WIDTH - 1), weighting=weighting).levels
    assert farthest(found[1:], expected) <= TOLERANCE


def test_geary_khamis_gives_its_values_as_far_as_its_iteration_went(vectors: Path, panel: CodedPanel) -> None:
    expected = told(vectors, "herb_panel_A_priceindices")["window13_first"]["gk"]
    assert farthest(geary_khamis(panel.window(0, WIDTH - 1)).levels[1:], expected) <= GK_TOLERANCE


@pytest.mark.parametrize(
    ("extension", "key", "method", "tolerance"),
    [
        ("fbew", "ccdi", "geks_tornqvist", TOLERANCE),
        ("fbew", "tpd", "wtpd", TOLERANCE),
        ("fbmw", "ccdi", "geks_tornqvist", TOLERANCE),
        ("fbmw", "tpd", "wtpd", TOLERANCE),
        ("fbmw", "gk", "gk", GK_TOLERANCE),
    ],
)
def test_fixed_bases_that_expand_from_the_first_month_give_its_values(
    vectors: Path, panel: CodedPanel, extension: str, key: str, method: str, tolerance: float
) -> None:
    expected = told(vectors, "herb_panel_A_priceindices")[extension][key]
    found = extended(levels_of(panel, method, "all"), 25, WIDTH, extension, "expanding")
    at = [month - 1 for month in FIXED_BASE_MONTHS[extension]]
    assert farthest(found[at], expected) <= tolerance


@pytest.mark.parametrize(
    ("key", "extension"),
    [
        ("movement", "movement"),
        ("window", "window"),
        ("half", "half"),
        ("mean", "mean"),
        ("window_published", "wisp"),
        ("half_published", "hasp"),
        ("mean_published", "mean_pub"),
    ],
)
def test_splices_of_ccdi_give_its_values(vectors: Path, panel: CodedPanel, key: str, extension: str) -> None:
    expected = told(vectors, "herb_panel_A_priceindices")["ccdi_splice_w13"][key]
    found: Floats = extended(levels_of(panel, "geks_tornqvist", "all"), 25, WIDTH, extension)
    assert farthest(found, expected) <= TOLERANCE


def test_a_half_splice_one_place_earlier_is_another_series(panel: CodedPanel) -> None:
    windows = rolling(levels_of(panel, "geks_tornqvist", "all"), 25, WIDTH)
    middle, earlier = (spliced(windows, "half", "recomputed", place) for place in ("middle", "one_earlier"))
    assert farthest(middle, earlier) > 1e-5
