"""The mean price of trades that lies half a fen between two is rounded to the even one."""

import pytest

from priceindex.feeds.traced_trades import vwap


@pytest.mark.parametrize(
    ("fen", "expected"), [(1, 0), (3, 2), (5, 2), (7, 4), (9, 4), (11, 6)], ids=lambda each: str(each)
)
def test_half_a_fen_goes_to_the_even_one(fen: int, expected: int) -> None:
    """So many fen for two kilograms; the quotes of a year would else lean upwards."""
    assert vwap(fen, 2_000) == expected
