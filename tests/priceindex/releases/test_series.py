"""A published series keeps its digits: in units, in points, in the digest."""

import datetime
import hashlib
import struct
from decimal import ROUND_HALF_EVEN, Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from priceindex.classification import Level
from priceindex.releases.point_planning import to_digits
from priceindex.releases.series import (
    COUNTS,
    NOT_COUNTED,
    UNPUBLISHED,
    Series,
    bytes_of,
    digest,
    in_points,
    in_units,
    rounded,
)

FIRST = 20_146
"""2025-02-27."""
VALUES = st.one_of(st.none(), st.integers(1, 10**14).map(lambda units: Decimal(units).scaleb(-4)))


def series(values: list[Decimal | None], kept: int = 4) -> Series:
    return Series(
        level=Level.GRADE,
        node="白芍|统",
        parent="白芍",
        weight=Decimal("0.1250"),
        days=np.arange(FIRST, FIRST + len(values), dtype=np.int64),
        units=in_units(values, kept),
        kept=kept,
        counts={"quoted": np.arange(len(values), dtype=np.int64)},
    )


@settings(max_examples=30)
@given(values=st.lists(VALUES, min_size=1, max_size=30))
def test_a_series_gives_back_every_value_it_was_told(values: list[Decimal | None]) -> None:
    made = series(values)
    assert [point.value for point in made.points] == values
    assert made.last == made.points[-1]
    assert made.points[0].day == datetime.date(2025, 2, 27)
    assert [point.quoted for point in made.points] == list(range(len(values)))
    assert {point.markets for point in made.points} == {NOT_COUNTED}
    assert made == series(values)
    assert hash(made) == hash(series(values))


def test_the_digest_is_of_the_line_and_the_columns_as_they_are_described() -> None:
    """Written once more by hand, from docs/methodology.md alone."""
    line = (
        '{"frequency":"day","kept":4,"level":"grade","node":"白芍|统","parent":"白芍","periods":2,'
        '"weight":"0.1250"}\n'
    ).encode()
    columns = struct.pack("<4q", FIRST, FIRST + 1, 10_000_001, UNPUBLISHED)
    for name in COUNTS:
        columns += struct.pack("<2q", *((0, 1) if name == "quoted" else (NOT_COUNTED, NOT_COUNTED)))
    made = series([Decimal("1000.0001"), None])
    assert bytes_of(made) == line + columns
    inner = hashlib.sha256(line + columns).digest()
    assert digest([made, made]) == hashlib.sha256(inner + inner).hexdigest()


def test_one_digit_changes_the_digest() -> None:
    assert digest([series([Decimal("1000.0000")])]) != digest([series([Decimal("1000.0001")])])


@pytest.mark.parametrize(
    ("value", "shown"),
    [("100.005", "100.00"), ("100.015", "100.02"), ("100.0150001", "100.02"), ("99.995", "100.00")],
)
def test_display_rounds_half_to_even(value: str, shown: str) -> None:
    assert rounded(Decimal(value), 2) == shown


@settings(max_examples=80)
@given(units=st.integers(0, 10**13), drop=st.integers(0, 4))
def test_fewer_digits_round_half_to_even_as_decimals_do(units: int, drop: int) -> None:
    told = to_digits(np.array([units, UNPUBLISHED]), 8, 8 - drop)
    exact = Decimal(units).scaleb(-drop).to_integral_value(rounding=ROUND_HALF_EVEN)
    assert told.tolist() == [int(exact), UNPUBLISHED]


def test_the_change_of_the_last_period_is_a_fraction_or_unknown() -> None:
    assert series([Decimal(100), Decimal(110)]).change() == Decimal("0.1")
    assert series([Decimal(100)]).change() is None
    assert series([Decimal(100), None]).change() is None
    assert series([None, Decimal(100)]).change() is None


def test_units_round_half_to_even_and_know_what_is_not_published() -> None:
    told = in_units([Decimal("1.00005"), Decimal("1.00015"), None], 4)
    assert [in_points(int(units), 4) for units in told] == [Decimal("1.0000"), Decimal("1.0002"), None]
