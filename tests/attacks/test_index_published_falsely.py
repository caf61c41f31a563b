"""Releases published by trickery: an old draft after a newer one, a clock turned back, two hands at once."""

import threading
from collections.abc import Iterator

import pytest

from ledger.errors import DaodiError
from priceindex import service
from priceindex.releases import drafts
from priceindex.releases.due import publish_due
from priceindex.releases.persons import Person
from priceindex.releases.release_errors import NotPublishing, OlderKnowledge
from priceindex.releases.standing import Standing
from tests.priceindex.releases.issuing import (
    CHECKER,
    DAY_MS,
    OPERATOR,
    approve,
    become,
    computed,
    correct,
    fill,
    made_official,
    make,
    publish,
    say,
    two_eyed,
)
from tests.priceindex.small_market import NOW_MS, SmallMarket, day, quote

JULY = day("2026-07-04")


@pytest.fixture
def market(database_url: str) -> Iterator[SmallMarket]:
    made = SmallMarket(database_url)
    yield made
    made.engine.dispose()


@pytest.fixture
def shared_market(postgresql_url: str) -> Iterator[SmallMarket]:
    """Where several processes of one service may write; on SQLite there is one writer."""
    made = SmallMarket(postgresql_url)
    yield made
    made.engine.dispose()


def test_a_draft_made_before_a_correction_does_not_undo_it(market: SmallMarket) -> None:
    """Both wait for their second person; the older is approved last: it would bring the old price back."""
    fill(market)
    old = make(market, computed(market, chosen=two_eyed()), NOW_MS)
    correct(market, 8100, "2025-03-20", NOW_MS + 1)
    new = make(market, computed(market, NOW_MS + 2, chosen=two_eyed()), NOW_MS + 2)
    approve(market, new, NOW_MS + 3)
    with pytest.raises(OlderKnowledge):
        approve(market, old, NOW_MS + 4)


def test_what_was_known_yesterday_is_not_published_over_what_is_known_today(market: SmallMarket) -> None:
    fill(market)
    correct(market, 8100, "2025-03-20", NOW_MS + 1)
    publish(market, computed(market, NOW_MS + 2), NOW_MS + 2)
    with pytest.raises(OlderKnowledge):
        publish(market, computed(market, NOW_MS), NOW_MS + 3)


def sealed(market: SmallMarket) -> drafts.Draft:
    at_ms = made_official(market)
    say(market, [quote(8200, "2026-07-04"), quote(6100, "2026-07-04", "茯苓", "丁")], at_ms)
    draft, _ = approve(market, make(market, computed(market, at_ms, JULY), at_ms), at_ms + 1)
    return draft


def test_a_sealed_release_of_a_family_suspended_meanwhile_stays_unpublished(market: SmallMarket) -> None:
    draft = sealed(market)
    become(market, Standing.SUSPENDED, draft.due_ms - 1)
    with market.write() as session:
        (outcome,) = publish_due(session, OPERATOR, draft.due_ms)
    assert isinstance(outcome.fault, NotPublishing)
    with market.read() as session:
        assert [each.last_day < JULY for each in service.releases(session, "bozhou")] == [True]


def test_a_clock_turned_back_publishes_nothing_early_and_nothing_twice(market: SmallMarket) -> None:
    draft = sealed(market)
    with market.write() as session:
        assert len(publish_due(session, OPERATOR, draft.due_ms)) == 1
    for now_ms in (draft.due_ms - DAY_MS, draft.due_ms, draft.due_ms + DAY_MS):
        with market.write() as session:
            assert publish_due(session, OPERATOR, now_ms) == []


@pytest.mark.postgresql
def test_two_approvals_at_once_publish_once(shared_market: SmallMarket) -> None:
    fill(shared_market)
    made = make(shared_market, computed(shared_market, chosen=two_eyed()), NOW_MS)
    ready, told = threading.Barrier(2), list[object]()

    def by(person: Person) -> None:
        ready.wait()
        try:
            told.append(approve(shared_market, made, NOW_MS + 1, person)[1])
        except DaodiError as fault:
            told.append(fault)

    hands = [threading.Thread(target=by, args=(who,)) for who in (CHECKER, Person("孙七", "cccc0003"))]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join()
    assert sum(not isinstance(each, DaodiError) for each in told) == 1
    with shared_market.read() as session:
        assert len(service.releases(session, "bozhou")) == 1


@pytest.mark.postgresql
def test_two_due_clocks_at_once_publish_once(shared_market: SmallMarket) -> None:
    draft = sealed(shared_market)
    ready, told, faults = threading.Barrier(2), list[object](), list[BaseException]()

    def tick() -> None:
        ready.wait()
        try:
            with shared_market.write() as session:
                told.extend(publish_due(session, OPERATOR, draft.due_ms))
        except DaodiError as fault:
            faults.append(fault)

    hands = [threading.Thread(target=tick) for _ in range(2)]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join()
    assert faults == []
    assert len([each for each in told if each.released is not None]) == 1  # type: ignore[attr-defined]
    assert len(told) == 1
