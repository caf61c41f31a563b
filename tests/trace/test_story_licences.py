"""A story tells the licences of the firms on its way, and on the day of which steps they held."""

from collections.abc import Iterator
from datetime import date

import pytest

from trace.registers.licences import LicenceNew, register_licence, withdraw_licence
from trace.registers.register_words import LicenceKind
from trace.story_parts import Story

from .season import GROWER, LICENCES, NOON, at, founded
from .test_story import Told, recorded


@pytest.fixture
def told() -> Iterator[Told]:
    with founded("sqlite://") as session:
        yield recorded(session)


def licence(number: str, first: date, last: date | None) -> LicenceNew:
    return LicenceNew(
        kind=LicenceKind.GAP, number=number, issuer="安徽省药监局", valid_from=first, valid_until=last
    )


def register(told: Told, *new: LicenceNew) -> Story:
    for each in new:
        register_licence(told.session, told.by.declarer, GROWER, each, at(920))
    return told.story()


def held(story: Story) -> dict[str, tuple[int, ...]]:
    """By number of a licence the steps of the story it held on, counted from one."""
    nth = {step.step_id: place + 1 for place, step in enumerate(story.steps)}
    return {
        each.number: tuple(nth[step] for step in each.held)
        for each in story.licences
        if each.kind is LicenceKind.GAP
    }


def test_every_firm_that_did_something_has_its_licences_in_the_order_of_the_way(told: Told) -> None:
    assert [(each.party, each.kind) for each in told.story().licences] == list(LICENCES.items())
    assert [len(each.held) for each in told.story().licences] == [9, 4, 2]


def test_a_licence_holds_on_the_day_of_the_step_not_on_the_day_it_is_asked_about(told: Told) -> None:
    # Sown in March 2024 and weeded in June; harvested from August 2026 on.
    story = register(told, licence("A", date(2024, 1, 1), date(2025, 12, 31)))
    assert held(story) == {"A": (1, 2, 3)}


def test_a_licence_that_held_on_no_step_is_left_out_where_another_of_its_kind_did(told: Told) -> None:
    story = register(
        told,
        licence("OLD", date(2010, 1, 1), date(2014, 12, 31)),
        licence("NOW", date(2024, 1, 1), None),
    )
    assert held(story) == {"NOW": tuple(range(1, 10))}


def test_where_none_of_a_kind_ever_held_the_newest_is_shown_for_what_it_is(told: Told) -> None:
    story = register(
        told,
        licence("OLDER", date(2010, 1, 1), date(2014, 12, 31)),
        licence("OLD", date(2015, 1, 1), date(2019, 12, 31)),
    )
    assert held(story) == {"OLD": ()}


def test_a_withdrawal_ends_it_from_its_day_and_makes_another_revision(told: Told) -> None:
    before = register(told, licence("A", date(2020, 1, 1), None))
    withdraw_licence(
        told.session, told.by.declarer, GROWER, LicenceKind.GAP, "A",
        day=date(2025, 1, 1), reason="注销", at_ms=NOON + 920 * 86_400_000, by=GROWER,
    )  # fmt: skip
    told.session.expire_all()
    after = told.story()
    assert (held(before), held(after)) == ({"A": tuple(range(1, 10))}, {"A": (1, 2, 3)})
    assert before.revision != after.revision
