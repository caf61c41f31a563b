"""Publishing: what is said is kept, chained in the log, and says what it rests on."""

import dataclasses

import numpy as np
import pytest

from ledger import log
from priceindex import service
from priceindex.engine.run import run
from priceindex.errors import NothingNew, NothingQuoted, TooMuchImputed, UnknownNode, UnknownRelease
from priceindex.families import family
from priceindex.intake.taking_in import take_in
from priceindex.quotes import Tier
from priceindex.releases.exclusions import exclusions
from priceindex.releases.release import summary_of, summary_text
from tests.priceindex.releases.issuing import (
    UNTIL,
    computed,
    correct,
    fill,
    publish,
    published,
    say,
    two_eyed,
)
from tests.priceindex.small_market import (
    CLASS_OF,
    KNOWN,
    NOW_MS,
    UNCLASSED,
    SmallMarket,
    daily,
    day,
    quote,
)


def test_a_release_reads_back_as_it_was_published(market: SmallMarket) -> None:
    release = published(market)
    assert release.release_id == "bozhou-2025-03-20"
    with market.read() as session:
        assert service.release(session, release.release_id) == release
        assert service.latest(session, "bozhou") == release
        assert service.releases(session) == [release]
        assert service.releases(session, public_at_ms=NOW_MS - 1) == []
        assert service.latest(session, "bozhou", public_at_ms=NOW_MS - 1) is None
        with pytest.raises(UnknownRelease):
            service.release(session, release.release_id, public_at_ms=NOW_MS - 1)


def test_releases_are_listed_page_by_page(sqlite_market: SmallMarket) -> None:
    made = [published(sqlite_market)]
    for turn, fen in enumerate((8100, 8200, 8300), start=1):
        correct(sqlite_market, fen, "2025-03-20", NOW_MS + turn)
        made.append(publish(sqlite_market, computed(sqlite_market, NOW_MS + turn), NOW_MS + 1))
    found, before = [], None
    with sqlite_market.read() as session:
        while page := service.releases(session, before=before, limit=1):
            found += page
            before = (page[0].published_ms, page[0].release_id)
    assert sorted(each.ordinal for each in found) == [1, 2, 3, 4]
    assert found[-1] == made[0]


def test_the_headline_is_what_the_prices_say(market: SmallMarket) -> None:
    """白芍 on the last day against its March mean, 茯苓 flat; both weigh the same."""
    release = published(market)
    mean = np.exp((10 * np.log(8500) + 5 * np.log(8800) + 5 * np.log(8000)) / 20)
    assert float(release.headline) == pytest.approx(1000 * (8000 / mean + 1) / 2, abs=0.5e-4)
    assert release.shown() == f"{1000 * (8000 / mean + 1) / 2:.2f}"


def test_the_statement_in_the_log_names_digests_method_and_headline(sqlite_market: SmallMarket) -> None:
    release = published(sqlite_market)
    with sqlite_market.read() as session:
        logged = log.find(session, release.statement_id)
        history = log.history(session, "release/bozhou")
    assert logged is not None
    assert [entry.index for entry in history] == [logged.index]
    statement = logged.entry.statement
    assert statement.kind == "release"
    wanted = {
        "bundle_sha256": release.bundle_sha256,
        "values_sha256": release.values_sha256,
        "method": release.method_id,
        "method_sha256": family("bozhou").method_sha256,
        "ordinal": 1,
        "form": 2,
        "kept": 4,
        "sealed": None,
    }
    assert {name: statement.public[name] for name in wanted} == wanted
    assert statement.public["values"][0] == ["composite", "all", format(release.headline, "f")]  # type: ignore[index]


def test_the_same_values_are_not_published_twice(sqlite_market: SmallMarket) -> None:
    release = published(sqlite_market)
    with pytest.raises(NothingNew) as refused:
        publish(sqlite_market, computed(sqlite_market, NOW_MS + 5), NOW_MS + 5)
    assert refused.value.parts["release"] == release.release_id


def test_a_family_whose_text_asks_for_two_persons_asks_for_them_on_trial_too(
    sqlite_market: SmallMarket,
) -> None:
    from priceindex.releases.release_errors import SecondPersonNeeded

    fill(sqlite_market)
    with pytest.raises(SecondPersonNeeded):
        publish(sqlite_market, computed(sqlite_market, chosen=two_eyed()))


def test_a_run_is_the_same_whatever_order_quotes_came_in(
    sqlite_market: SmallMarket, tmp_path: object
) -> None:
    fill(sqlite_market)
    forwards = computed(sqlite_market)
    other = SmallMarket(f"sqlite:///{tmp_path}/other.sqlite")
    quotes = daily([8500] * 10 + [8800] * 5 + [8000] * 5, "2025-03-01")
    quotes += daily([6000] * 20, "2025-03-01", "茯苓", grade="丁")
    say(other, quotes[::-1], NOW_MS)
    assert computed(other).bundle == forwards.bundle
    other.engine.dispose()


def test_a_composite_that_is_mostly_imputed_is_not_published(sqlite_market: SmallMarket) -> None:
    fill(sqlite_market)
    say(sqlite_market, [quote(6000, "2025-05-20", "茯苓", "丁")], NOW_MS)
    loose = family("bozhou")
    loose = dataclasses.replace(loose, minimum=loose.minimum.model_copy(update={"cells": 1, "herbs": 1}))
    made = run(dataclasses.replace(computed(sqlite_market, until=day("2025-05-20")).inputs, family=loose))
    with pytest.raises(TooMuchImputed):
        publish(sqlite_market, made)


def test_quotes_left_out_are_counted_by_their_reason(sqlite_market: SmallMarket) -> None:
    fill(sqlite_market)
    say(sqlite_market, daily([500, 510], "2025-03-02", UNCLASSED), NOW_MS)
    made = computed(sqlite_market, until=day("2025-03-31"))
    assert made.days[-1] == UNTIL
    assert [(each.rule, each.quotes, each.herbs) for each in made.exclusions] == [
        ("unclassified", 2, (UNCLASSED,))
    ]
    assert made.exclusions[0].words("zh") == "药材没有分类"
    summary = publish(sqlite_market, made).summary
    assert (summary.left_out, summary.exclusions) == (2, made.exclusions)
    assert summary_of(summary_text(summary)) == summary
    assert exclusions(service.verify_bundle(made.bundle).inputs.left_out) == made.exclusions


def test_a_basket_of_which_every_quote_is_left_out_says_how_many_there_were(
    sqlite_market: SmallMarket,
) -> None:
    say(sqlite_market, daily([500, 510], "2025-03-02", UNCLASSED), NOW_MS)
    with pytest.raises(NothingQuoted, match=r"quotes left out: 2"):
        computed(sqlite_market)


def test_a_trade_dearer_than_what_is_asked_moves_nothing_on_the_day_it_first_appears(
    sqlite_market: SmallMarket,
) -> None:
    """A trade a fortieth above the quotes: what is paid is compared with what was paid, from April on."""
    fill(sqlite_market)
    flat = computed(sqlite_market).series("herb", "白芍").last.value
    trade = dataclasses.replace(quote(8200, "2025-03-20"), tier=Tier.TRADE)
    with sqlite_market.write() as session:
        take_in(session, [trade], "trades", NOW_MS, known=KNOWN)
    last = computed(sqlite_market).series("herb", "白芍").last
    assert last.value is not None
    assert flat is not None
    assert last.value == flat
    assert (last.trade_bp, last.market_bp) == (0, 10_000)


def test_what_does_not_exist_is_named(sqlite_market: SmallMarket) -> None:
    with sqlite_market.read() as session:
        with pytest.raises(UnknownRelease):
            service.release(session, "bozhou-1999-01-01")
        with pytest.raises(NothingQuoted):
            service.compute(session, family("bozhou"), CLASS_OF, UNTIL, NOW_MS)
        assert service.latest(session, "bozhou") is None
    release = published(sqlite_market)
    with sqlite_market.read() as session:
        with pytest.raises(UnknownNode):
            service.values(session, release.release_id, "herb", "人参")
        with pytest.raises(UnknownNode):
            service.observations(session, "bozhou", "herb", "人参", "day", as_of_ms=NOW_MS)
        lines = service.nodes(session, release.release_id)
        assert [(str(line.level), line.node, line.parent) for line in lines][:7] == [
            ("composite", "all", None),
            ("class", "fungus_alga", "all"),
            ("class", "root", "all"),
            ("herb", "白芍", "root"),
            ("herb", "茯苓", "fungus_alga"),
            ("grade", "白芍|统", "白芍"),
            ("grade", "茯苓|丁", "茯苓"),
        ]
        assert len(service.nodes(session, release.release_id, "herb")) == 2
