"""Releases of the first form, made and logged by the program as it was, still verify to its own tolerance."""

import base64
import json
import zlib
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from priceindex import service
from priceindex.errors import MalformedBundle, ValueDiffers
from priceindex.releases.bundle import decode, form_of

WHOLE: dict[str, Any] = json.loads((Path(__file__).parent / "form_1.json").read_text("utf-8"))
BUNDLES = {
    row["sha256"]: zlib.decompress(base64.b64decode(row["body"])) for row in WHOLE["rows"]["price_bundle"]
}


@pytest.mark.parametrize("public", WHOLE["statements"], ids=lambda public: public["release"])
def test_a_release_of_form_1_is_recomputed_within_two_units_of_the_eighth_digit(
    public: dict[str, Any],
) -> None:
    raw = BUNDLES[public["bundle_sha256"]]
    assert form_of(raw) == 1
    found = service.verify_statement(raw, public)
    assert found.ok, found.faults
    assert found.values_compared == len(public["values"])


def test_three_units_of_the_eighth_digit_are_too_many() -> None:
    public = WHOLE["statements"][0]
    raw = BUNDLES[public["bundle_sha256"]]
    exact = service.verify_bundle(raw).series("composite", "all").last.value
    assert exact is not None
    for units, ok in ((2, True), (3, False)):
        told = [["composite", "all", str(exact + units * Decimal("1e-8"))]]
        faults = service.verify_statement(raw, {**public, "values": told}).faults
        assert (not faults) is ok
        assert ok or isinstance(faults[0], ValueDiffers)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"method":"bozhou@1"', b'"method":"bozhou@2"'),
        (b"jevons", b"carli"),
        (b'"days":[', b'"days":[20000,'),
        (b'"prices":[[', b'"prices":[[0,'),
    ],
)
def test_a_broken_bundle_of_form_1_is_refused(old: bytes, new: bytes) -> None:
    raw = next(iter(BUNDLES.values()))
    assert old in raw
    with pytest.raises(MalformedBundle):
        decode(raw.replace(old, new, 1))
