"""Releases bent by whoever may make them: alone, early, silently, twice, or exchanged after the approval."""

import json
import zlib
from collections.abc import Iterator

import pytest
from sqlalchemy import text

from ledger.canonical import canonical
from priceindex import service
from priceindex.errors import NothingNew
from priceindex.governance.governance_errors import ChecksFailed
from priceindex.releases import drafts
from priceindex.releases.bundle import digest
from priceindex.releases.due import publish_due
from priceindex.releases.persons import Person
from priceindex.releases.release_errors import (
    DraftDecided,
    DraftDiffers,
    NoticeNeeded,
    OwnRelease,
    SecondPersonNeeded,
    StandingRefused,
    UnderEmbargo,
    UnknownDraft,
)
from priceindex.releases.standing import Standing
from tests.priceindex.releases.issuing import (
    CHECKER,
    DAY_MS,
    MAKER,
    OPERATOR,
    approve,
    become,
    computed,
    correct,
    fill,
    made_official,
    make,
    publish,
    published,
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
def sqlite_market(sqlite_url: str) -> Iterator[SmallMarket]:
    made = SmallMarket(sqlite_url)
    yield made
    made.engine.dispose()


def sealed_draft(market: SmallMarket) -> drafts.Draft:
    """A draft of an official family, approved and sealed until the afternoon."""
    at_ms = made_official(market)
    say(market, [quote(8200, "2026-07-04"), quote(6100, "2026-07-04", "茯苓", "丁")], at_ms)
    sealed, released = approve(market, make(market, computed(market, at_ms, JULY), at_ms), at_ms + 1)
    assert released is None
    return sealed


@pytest.mark.parametrize(
    "other",
    [
        MAKER,
        Person("王五", "cccc0003"),
        Person("另一人", MAKER.token),
        Person("王\u200b五", "cccc0003"),
        Person(" 王 五 ", "cccc0003"),
    ],
    ids=["the same", "another token", "another name", "an unseen sign", "spaces"],
)
def test_one_person_is_not_two_by_another_token_or_another_spelling(
    sqlite_market: SmallMarket, other: Person
) -> None:
    fill(sqlite_market)
    made = make(sqlite_market, computed(sqlite_market, chosen=two_eyed()), NOW_MS)
    with pytest.raises(OwnRelease):
        approve(sqlite_market, made, NOW_MS + 1, other)


def test_nobody_publishes_alone_what_takes_two(sqlite_market: SmallMarket) -> None:
    at_ms = made_official(sqlite_market)
    correct(sqlite_market, 8001, "2025-03-20", at_ms)
    with pytest.raises((SecondPersonNeeded, NoticeNeeded)):
        publish(sqlite_market, computed(sqlite_market, at_ms), at_ms)
    with pytest.raises(SecondPersonNeeded):
        publish(sqlite_market, computed(sqlite_market, at_ms), at_ms, "更正")


def test_an_embargo_holds_whoever_calls_the_clock(market: SmallMarket) -> None:
    sealed = sealed_draft(market)
    with market.write() as session:
        assert publish_due(session, OPERATOR, sealed.due_ms - 1) == []
        with pytest.raises(UnderEmbargo):
            drafts.publish_sealed(session, OPERATOR, sealed.release_id, sealed.due_ms - 1)
        assert session.connection().execute(text("select count(*) from price_release")).scalar() == 1


def test_an_approval_is_used_once_and_for_what_it_named(market: SmallMarket) -> None:
    fill(market)
    made = make(market, computed(market, chosen=two_eyed()), NOW_MS)
    with market.write() as session, pytest.raises(DraftDiffers):
        drafts.approve(session, OPERATOR, made.release_id, "0" * 64, CHECKER, NOW_MS + 1)
    approve(market, made, NOW_MS + 1)
    with pytest.raises(DraftDecided):
        approve(market, made, NOW_MS + 2)
    with market.write() as session, pytest.raises(UnknownDraft):
        drafts.publish_sealed(session, OPERATOR, made.release_id, NOW_MS + 3)
    with pytest.raises(NothingNew):
        make(market, computed(market, chosen=two_eyed()), NOW_MS + 4)


def test_a_bundle_exchanged_after_the_approval_is_not_published(sqlite_market: SmallMarket) -> None:
    sealed = sealed_draft(sqlite_market)
    with sqlite_market.write() as session:
        row = session.connection().execute(
            text("select body from price_bundle where sha256 = :sha"), {"sha": sealed.bundle_sha256}
        )
        told = json.loads(zlib.decompress(row.scalar_one()))
        told["quotes"]["fen"][-1] += 500
        session.connection().execute(
            text("update price_bundle set body = :body where sha256 = :sha"),
            {"body": zlib.compress(canonical(told)), "sha": sealed.bundle_sha256},
        )
    with sqlite_market.write() as session:
        (outcome,) = publish_due(session, OPERATOR, sealed.due_ms)
    assert isinstance(outcome.fault, DraftDiffers)


def test_a_whole_draft_exchanged_after_the_approval_differs_from_what_was_sealed(
    sqlite_market: SmallMarket,
) -> None:
    """Bundle and its digest are swapped; the values digest that was approved still does not fit."""
    sealed = sealed_draft(sqlite_market)
    with sqlite_market.write() as session:
        row = session.connection().execute(
            text("select body from price_bundle where sha256 = :sha"), {"sha": sealed.bundle_sha256}
        )
        told = json.loads(zlib.decompress(row.scalar_one()))
        told["quotes"]["fen"][-1] += 500
        raw = canonical(told)
        session.connection().execute(
            text("insert into price_bundle (sha256, size_bytes, body) values (:sha, 1, :body)"),
            {"sha": digest(raw), "body": zlib.compress(raw)},
        )
        session.connection().execute(
            text("update price_draft set bundle_sha256 = :sha"), {"sha": digest(raw)}
        )
    with sqlite_market.write() as session:
        (outcome,) = publish_due(session, OPERATOR, sealed.due_ms)
    assert isinstance(outcome.fault, DraftDiffers)


def test_a_final_value_is_not_changed_silently_by_waiting_for_a_further_day(
    sqlite_market: SmallMarket,
) -> None:
    """The change rides along with a new day's release: it is found all the same."""
    sealed = sealed_draft(sqlite_market)
    with sqlite_market.write() as session:
        publish_due(session, OPERATOR, sealed.due_ms)
    at_ms = sealed.due_ms + DAY_MS
    correct(sqlite_market, 8600, "2025-03-18", at_ms)
    say(sqlite_market, [quote(8300, "2026-07-05"), quote(6100, "2026-07-05", "茯苓", "丁")], at_ms)
    with pytest.raises(NoticeNeeded):
        make(sqlite_market, computed(sqlite_market, at_ms, day("2026-07-05")), at_ms)


def test_suspending_and_resuming_makes_no_final_value_provisional(sqlite_market: SmallMarket) -> None:
    sealed = sealed_draft(sqlite_market)
    with sqlite_market.write() as session:
        publish_due(session, OPERATOR, sealed.due_ms)
    become(sqlite_market, Standing.SUSPENDED, sealed.due_ms + 1)
    with pytest.raises(StandingRefused):
        become(sqlite_market, Standing.TRIAL, sealed.due_ms + 2)
    become(sqlite_market, Standing.OFFICIAL, sealed.due_ms + 2)
    correct(sqlite_market, 8600, "2025-03-18", sealed.due_ms + 3)
    with pytest.raises(NoticeNeeded):
        make(sqlite_market, computed(sqlite_market, sealed.due_ms + 3, JULY), sealed.due_ms + 4)


def test_an_official_release_without_the_declarations_is_stopped(sqlite_market: SmallMarket) -> None:
    published(sqlite_market)
    at_ms = NOW_MS + 183 * DAY_MS
    become(sqlite_market, Standing.OFFICIAL, at_ms)
    say(sqlite_market, [quote(8200, "2026-07-04"), quote(6100, "2026-07-04", "茯苓", "丁")], at_ms)
    with pytest.raises(ChecksFailed):
        make(sqlite_market, computed(sqlite_market, at_ms, JULY), at_ms)
    with sqlite_market.read() as session:
        assert len(service.releases(session)) == 1
