"""Whoever has a release's inputs computes it again to the last digit, and sees what was changed since."""

import json
import zlib
from typing import Any

import pytest
from sqlalchemy import text

from ledger import log
from ledger.canonical import JsonValue, canonical
from priceindex import service
from priceindex.errors import BundleAltered, StatementDiffers, StatementMissing, ValueDiffers
from priceindex.releases.bundle import digest
from priceindex.releases.values_digest import digest_in_form
from tests.priceindex.releases.issuing import computed, correct, publish, published
from tests.priceindex.small_market import NOW_MS, SmallMarket


def logged(market: SmallMarket, statement: str) -> dict[str, JsonValue]:
    with market.read() as session:
        found = log.find(session, statement)
    assert found is not None
    return dict(found.entry.statement.public)


def faults_of(market: SmallMarket, release_id: str) -> set[type[Exception]]:
    with market.read() as session:
        return {type(fault) for fault in service.verify(session, release_id).faults}


def test_a_published_release_verifies_and_so_does_the_one_it_corrects(market: SmallMarket) -> None:
    first = published(market)
    correct(market, 8100, "2025-03-20", NOW_MS + 1)
    second = publish(market, computed(market, NOW_MS + 2), NOW_MS + 2)
    market.settle()
    assert (second.release_id, second.revision) == ("bozhou-2025-03-20-r1", 1)
    with market.read() as session:
        for release in (first, second):
            found = service.verify(session, release.release_id)
            assert found.ok, found.faults
            assert found.log_index is not None
            series = service.all_series(session, release.release_id)
            assert found.values_compared == sum(len(one.days) for one in series)
        assert len(log.history(session, "release/bozhou")) == 2


def test_a_stranger_recomputes_every_value_from_the_bundle_alone(sqlite_market: SmallMarket) -> None:
    release = published(sqlite_market)
    public = logged(sqlite_market, release.statement_id)
    with sqlite_market.read() as session:
        raw = service.bundle(session, release.release_id)
        stored = service.all_series(session, release.release_id)
    recomputed = service.verify_bundle(raw).all_series()
    assert {(one.level, one.node, one.frequency): one for one in recomputed} == {
        (one.level, one.node, one.frequency): one for one in stored
    }
    offline = service.verify_statement(raw, public)
    assert offline.ok
    assert offline.values_compared == sum(len(one.days) for one in stored)


def test_a_statement_that_says_other_values_is_found_offline(sqlite_market: SmallMarket) -> None:
    release = published(sqlite_market)
    public = logged(sqlite_market, release.statement_id)
    with sqlite_market.read() as session:
        raw = service.bundle(session, release.release_id)
    lies: list[tuple[dict[str, JsonValue], type[Exception]]] = [
        ({"values": [["class", "resin", "1000.0000"]]}, StatementDiffers),
        ({"values": [["composite", "all", "1234.0000"]]}, ValueDiffers),
        ({"values": [["composite", "all", str(float(release.headline) + 0.0001)]]}, ValueDiffers),
        ({"values_sha256": "0" * 64}, StatementDiffers),
        ({"method_sha256": "0" * 64}, StatementDiffers),
    ]
    for lie, fault in lies:
        found = service.verify_statement(raw, {**public, **lie}).faults
        assert [type(each) for each in found] == [fault], lie
    with pytest.raises(StatementDiffers):
        service.verify_statement(raw, {"release": "x"})


def test_a_doctored_bundle_is_found_whoever_recomputes_its_digest(sqlite_market: SmallMarket) -> None:
    """Of a changed bundle the log knows no digest; with the digest forged, its values are others."""
    release = published(sqlite_market)
    public = logged(sqlite_market, release.statement_id)
    with sqlite_market.read() as session:
        told: dict[str, Any] = json.loads(service.bundle(session, release.release_id))
    told["quotes"]["fen"][5] += 1
    doctored = canonical(told)
    assert [type(each) for each in service.verify_statement(doctored, public).faults] == [BundleAltered]
    forged = {**public, "bundle_sha256": digest(doctored)}
    found = {type(each) for each in service.verify_statement(doctored, forged).faults}
    assert StatementDiffers in found


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ("update price_release set headline = '1.0000'", StatementDiffers),
        ("update price_release set method_sha256 = 'x'", StatementDiffers),
        ("update price_release set status = 'official'", StatementDiffers),
        ("update price_release set statement_id = 'release:other'", StatementMissing),
        ("update price_point set units = units + 1 where day = 20160", ValueDiffers),
        ("update price_point set units = -1 where day = 20160", ValueDiffers),
        ("update price_point set units = -2 where day = 20160", StatementDiffers),
        ("update price_point set counts = (select counts from price_point limit 1)", StatementDiffers),
        ("delete from price_point where day = 20160", StatementDiffers),
        ("delete from price_node", StatementDiffers),
        ("update price_node set weight = '0.9999' where parent is null", StatementDiffers),
    ],
)
def test_a_changed_row_is_found(sqlite_market: SmallMarket, change: str, fault: type[Exception]) -> None:
    release = published(sqlite_market)
    with sqlite_market.write() as session:
        session.connection().execute(text(change))
    assert fault in faults_of(sqlite_market, release.release_id)


def test_a_changed_value_is_named_with_its_node_and_day(market: SmallMarket) -> None:
    release = published(market)
    with market.write() as session:
        session.connection().execute(
            text(
                "update price_point set units = 9999999 where day = 20167 and series_id = "
                "(select series_id from price_series where node = '白芍' and frequency = 'day')"
            )
        )
    with market.read() as session:
        faults = service.verify(session, release.release_id).faults
    told = next(fault for fault in faults if isinstance(fault, ValueDiffers))
    assert (told.parts["node"], str(told.parts["published"])) == ("白芍", "999.9999")


def test_an_exchanged_bundle_is_found(sqlite_market: SmallMarket) -> None:
    release = published(sqlite_market)
    with sqlite_market.write() as session:
        told: dict[str, Any] = json.loads(service.bundle(session, release.release_id))
        told["quotes"]["fen"][0] += 300
        session.connection().execute(
            text("update price_bundle set body = :body"), {"body": zlib.compress(canonical(told))}
        )
    assert faults_of(sqlite_market, release.release_id) == {BundleAltered, ValueDiffers}


def test_one_digit_or_one_count_changes_the_digest(sqlite_market: SmallMarket) -> None:
    release = published(sqlite_market)
    with sqlite_market.read() as session:
        series = service.all_series(session, release.release_id)
    before = digest_in_form(2, series)
    assert before == release.values_sha256 == digest_in_form(2, series[::-1])
    for name in ("units", "days"):
        column = getattr(series[3], name)
        column[2] += 1
        assert digest_in_form(2, series) != before
        column[2] -= 1
    series[3].column("quoted")[2] += 1
    assert digest_in_form(2, series) != before
