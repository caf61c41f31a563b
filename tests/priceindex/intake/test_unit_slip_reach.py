"""How near to twice the last price a price must be to be taken for one in 市斤 or in 公斤 by mistake."""

import pytest

from tests.priceindex.intake.test_rules import ONE, met

LAST = 10_000


@pytest.mark.parametrize("now", [19_010, 20_990, 5_000, 5_260, 4_765])
def test_a_price_within_five_in_a_hundred_of_the_double_or_the_half_is_a_slip(now: int) -> None:
    assert met([(1, 0, LAST), (1, 1, now)], ONE)[1] == ("unit-slip-x2",)


@pytest.mark.parametrize("now", [18_900, 21_100, 5_300, 4_700])
def test_a_price_farther_from_it_is_a_large_step_and_no_slip(now: int) -> None:
    """A market that nearly doubles is real: its quotes are marked and not held back."""
    assert met([(1, 0, LAST), (1, 1, now)], ONE)[1] == ("big-step",)
