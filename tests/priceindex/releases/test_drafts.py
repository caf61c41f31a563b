"""What two persons make: made by one, approved by another, sealed until its moment, then as approved."""

import datetime

import pytest

from ledger import log
from priceindex import service
from priceindex.errors import UnknownRelease
from priceindex.releases import drafts
from priceindex.releases.drafts import Stage
from priceindex.releases.due import anything_due, late, publish_due
from priceindex.releases.publication_calendar import moment_ms
from priceindex.releases.publishing import CONSOLE
from priceindex.releases.release_errors import DraftDecided, NamedPersonNeeded, SecondPersonNeeded
from priceindex.releases.standing import Standing
from tests.priceindex.logged import publics
from tests.priceindex.releases.issuing import (
    BOZHOU,
    CHECKER,
    DAY_MS,
    OPERATOR,
    UNTIL,
    approve,
    become,
    computed,
    made_official,
    make,
    publish,
    say,
)
from tests.priceindex.small_market import SmallMarket, quote


def new_day(market: SmallMarket, at_ms: int) -> datetime.date:
    """Quotes of the day of a moment, in the morning of that day in China."""
    on = datetime.datetime.fromtimestamp(at_ms / 1000, datetime.UTC).date()
    say(market, [quote(8200, on.isoformat()), quote(6100, on.isoformat(), "茯苓", "丁")], at_ms)
    return on


def test_an_official_release_takes_two_persons_and_is_public_at_its_moment(market: SmallMarket) -> None:
    at_ms = made_official(market)
    on = new_day(market, at_ms)
    run = computed(market, at_ms, on)
    with pytest.raises(SecondPersonNeeded):
        publish(market, run, at_ms)
    made = make(market, run, at_ms)
    assert (made.stage, made.due_ms) == (Stage.MADE, moment_ms(on, "16:30"))
    sealed, released = approve(market, made, at_ms + 1)
    assert (sealed.stage, released) == (Stage.SEALED, None)
    market.settle()
    with market.write() as session:
        assert publish_due(session, OPERATOR, made.due_ms - 1) == []
        (outcome,) = publish_due(session, OPERATOR, made.due_ms)
        assert publish_due(session, OPERATOR, made.due_ms + 1) == []
    market.settle()
    assert outcome.released is not None
    release = outcome.released
    assert (release.published_ms, release.due_ms, str(release.status)) == (
        made.due_ms,
        made.due_ms,
        "official",
    )
    assert release.values_sha256 == made.values_sha256
    (said,) = publics(market, "release.sealed")
    assert said["values_sha256"] == release.values_sha256
    assert said["bundle_sha256"] == release.bundle_sha256
    with market.read() as session:
        assert service.verify(session, release.release_id).ok
        logged = log.find(session, release.statement_id)
        assert logged is not None
        assert logged.entry.statement.public["sealed"] == made_statement(made.release_id)
        sealing = service.verify_statement(service.bundle(session, release.release_id), said)
    assert sealing.ok


def made_statement(release_id: str) -> str:
    return f"release.sealed:{release_id}"


def test_before_its_moment_nothing_of_a_release_can_be_read(market: SmallMarket) -> None:
    at_ms = made_official(market)
    run = computed(market, at_ms, new_day(market, at_ms))
    with market.read() as session:
        before = service.indices(session, as_of_ms=at_ms + DAY_MS)
    made = make(market, run, at_ms)
    approve(market, made, at_ms + 1)
    market.settle()
    headline = str(run.series("composite", "all").last.value)
    with market.read() as session:
        assert service.indices(session, as_of_ms=at_ms + DAY_MS) == before
        assert made.release_id not in [each.release_id for each in service.releases(session)]
        with pytest.raises(UnknownRelease):
            service.release(session, made.release_id)
        with pytest.raises(UnknownRelease):
            service.bundle(session, made.release_id)
        logged = log.history(session, "release/bozhou")
    assert headline not in str([entry.entry.statement.public for entry in logged])


def test_a_late_approval_publishes_at_once(sqlite_market: SmallMarket) -> None:
    at_ms = made_official(sqlite_market)
    made = make(sqlite_market, computed(sqlite_market, at_ms, new_day(sqlite_market, at_ms)), at_ms)
    decided, released = approve(sqlite_market, made, made.due_ms + 5)
    assert decided.stage is Stage.PUBLISHED
    assert released is not None
    assert released.published_ms == made.due_ms + 5


def test_what_is_refused_is_never_published(sqlite_market: SmallMarket) -> None:
    at_ms = made_official(sqlite_market)
    made = make(sqlite_market, computed(sqlite_market, at_ms, new_day(sqlite_market, at_ms)), at_ms)
    with sqlite_market.write() as session:
        drafts.refuse(session, OPERATOR, made.release_id, "一个市场未报", CHECKER, at_ms + 1)
    with pytest.raises(DraftDecided):
        approve(sqlite_market, made, at_ms + 2)
    with sqlite_market.write() as session:
        assert publish_due(session, OPERATOR, made.due_ms) == []
        assert drafts.draft(session, made.release_id).reason == "一个市场未报"
    again = make(sqlite_market, computed(sqlite_market, at_ms, UNTIL + (made.last_day - UNTIL)), at_ms + 3)
    assert again.release_id == f"{made.release_id}-r1"


def test_a_sealed_release_can_be_stopped_and_the_log_is_told(sqlite_market: SmallMarket) -> None:
    at_ms = made_official(sqlite_market)
    made = make(sqlite_market, computed(sqlite_market, at_ms, new_day(sqlite_market, at_ms)), at_ms)
    approve(sqlite_market, made, at_ms + 1)
    with sqlite_market.write() as session:
        drafts.refuse(session, OPERATOR, made.release_id, "发现一条报价有误", CHECKER, at_ms + 2)
        assert publish_due(session, OPERATOR, made.due_ms) == []
    sqlite_market.settle()
    (told,) = publics(sqlite_market, "release.withdrawn")
    assert (told["release"], told["reason"]) == (made.release_id, "发现一条报价有误")
    assert told["values_sha256"] == made.values_sha256


def test_the_console_cannot_approve_even_what_a_named_person_made(sqlite_market: SmallMarket) -> None:
    at_ms = made_official(sqlite_market)
    made = make(sqlite_market, computed(sqlite_market, at_ms, new_day(sqlite_market, at_ms)), at_ms)
    with sqlite_market.write() as session, pytest.raises(NamedPersonNeeded):
        drafts.approve(session, OPERATOR, made.release_id, made.values_sha256, CONSOLE, at_ms + 1)


def test_a_sealed_release_of_a_family_suspended_since_stays_sealed(sqlite_market: SmallMarket) -> None:
    at_ms = made_official(sqlite_market)
    made = make(sqlite_market, computed(sqlite_market, at_ms, new_day(sqlite_market, at_ms)), at_ms)
    approve(sqlite_market, made, at_ms + 1)
    become(sqlite_market, Standing.SUSPENDED, at_ms + 2)
    with sqlite_market.write() as session:
        (outcome,) = publish_due(session, OPERATOR, made.due_ms)
        assert outcome.fault is not None
        assert drafts.draft(session, made.release_id).stage is Stage.SEALED
        assert anything_due(session, made.due_ms)


def test_an_official_family_without_a_release_of_its_period_is_late(sqlite_market: SmallMarket) -> None:
    at_ms = made_official(sqlite_market)
    with sqlite_market.read() as session:
        (behind,) = late(session, [BOZHOU], at_ms)
        assert behind.due_ms <= at_ms
        assert late(session, [BOZHOU], at_ms - 1) == []
    made = make(sqlite_market, computed(sqlite_market, at_ms, new_day(sqlite_market, at_ms)), at_ms)
    approve(sqlite_market, made, made.due_ms)
    with sqlite_market.read() as session:
        assert late(session, [BOZHOU], made.due_ms) == []
