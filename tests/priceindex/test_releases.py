"""Publishing and verifying: what is said is kept, chained in the log, and recomputed by anyone."""

import dataclasses
import zlib
from datetime import date

import numpy as np
import pytest
from sqlalchemy import text

from ledger import log
from priceindex import service
from priceindex.engine.run import IndexRun
from priceindex.errors import (
    BundleAltered,
    MalformedBundle,
    NothingNew,
    NothingQuoted,
    StatementDiffers,
    StatementMissing,
    TooMuchImputed,
    TrialTooShort,
    UnknownNode,
    UnknownRelease,
    ValueDiffers,
)
from priceindex.families import family
from priceindex.intake.taking_in import decide, take_in
from priceindex.quotes import Cell, Tier
from priceindex.releases.bundle import decode, encode
from priceindex.releases.exclusions import exclusions
from priceindex.releases.release import ReleaseStatus, summary_of, summary_text
from priceindex.releases.series import decode as decode_series
from priceindex.releases.series import encode as encode_series
from priceindex.releases.series import pack
from priceindex.service import Release
from tests.priceindex.small_market import (
    CLASS_OF,
    KEY,
    KNOWN,
    NOW_MS,
    ORIGIN,
    UNCLASSED,
    SmallMarket,
    daily,
    day,
    quote,
)

UNTIL = date(2025, 3, 20)
DAY_MS = 86_400_000


def fill(market: SmallMarket, at_ms: int = NOW_MS) -> None:
    prices = [8500] * 10 + [8800] * 5 + [8000] * 5
    quotes = daily(prices, "2025-03-01") + daily([6000] * 20, "2025-03-01", "茯苓", grade="丁")
    with market.write() as session:
        take_in(session, quotes, "test", at_ms, known=KNOWN)


def computed(market: SmallMarket, as_of_ms: int = NOW_MS, until: date = UNTIL) -> IndexRun:
    with market.read() as session:
        return service.compute(session, family("bozhou"), CLASS_OF, until, as_of_ms)


def publish(market: SmallMarket, run: IndexRun, at_ms: int = NOW_MS, status: str = "trial") -> Release:
    with market.write() as session:
        return service.publish(session, run, ORIGIN, KEY, at_ms, status=ReleaseStatus(status))


def published(market: SmallMarket) -> Release:
    fill(market)
    release = publish(market, computed(market))
    market.settle()
    return release


def test_a_release_reads_back_as_it_was_published_and_verifies(market: SmallMarket) -> None:
    release = published(market)
    assert release.release_id == "bozhou-2025-03-20"
    with market.read() as session:
        assert service.release(session, release.release_id) == release
        assert service.latest(session, "bozhou") == release
        assert service.releases(session) == [release]
        verification = service.verify(session, release.release_id)
    assert verification.ok, verification.faults
    assert verification.log_index is not None
    assert verification.values_compared == 20 * 7


def test_the_headline_is_what_the_prices_say(market: SmallMarket) -> None:
    """白芍 on the last day against its March mean, 茯苓 flat; both weigh the same."""
    release = published(market)
    mean = np.exp((10 * np.log(8500) + 5 * np.log(8800) + 5 * np.log(8000)) / 20)
    assert float(release.headline) == pytest.approx(1000 * (8000 / mean + 1) / 2, rel=1e-10)
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
    assert statement.public["bundle_sha256"] == release.bundle_sha256
    assert statement.public["method"] == "bozhou@1"
    assert statement.public["method_sha256"] == family("bozhou").method_sha256
    assert statement.public["values"][0] == ["composite", "all", format(release.headline, "f")]  # type: ignore[index]


def test_the_same_values_are_not_published_twice(sqlite_market: SmallMarket) -> None:
    release = published(sqlite_market)
    with pytest.raises(NothingNew) as refused:
        publish(sqlite_market, computed(sqlite_market, NOW_MS + 5), NOW_MS + 5)
    assert refused.value.parts["release"] == release.release_id


def test_a_corrected_quote_makes_a_revision_and_the_first_release_still_verifies(market: SmallMarket) -> None:
    first = published(market)
    with market.write() as session:
        take_in(session, [quote(8100, "2025-03-20")], "test", NOW_MS + 1, known=KNOWN)
    second = publish(market, computed(market, NOW_MS + 2), NOW_MS + 2)
    market.settle()
    assert (second.release_id, second.revision) == ("bozhou-2025-03-20-r1", 1)
    assert second.headline != first.headline
    with market.read() as session:
        assert service.verify(session, first.release_id).ok
        assert service.verify(session, second.release_id).ok
        assert service.latest(session, "bozhou") == second
        assert len(log.history(session, "release/bozhou")) == 2
    assert computed(market, NOW_MS).series("composite", "all").last.value == first.headline


def test_a_run_is_the_same_whatever_order_quotes_came_in(
    sqlite_market: SmallMarket, tmp_path: object
) -> None:
    fill(sqlite_market)
    forwards = computed(sqlite_market)
    other = SmallMarket(f"sqlite:///{tmp_path}/other.sqlite")
    quotes = daily([8500] * 10 + [8800] * 5 + [8000] * 5, "2025-03-01")
    quotes += daily([6000] * 20, "2025-03-01", "茯苓", grade="丁")
    with other.write() as session:
        take_in(session, quotes[::-1], "test", NOW_MS, known=KNOWN)
    assert computed(other).bundle == forwards.bundle
    other.engine.dispose()


def test_a_stranger_recomputes_from_the_bundle_alone(sqlite_market: SmallMarket) -> None:
    release = published(sqlite_market)
    with sqlite_market.read() as session:
        raw = service.bundle(session, release.release_id)
        logged = log.find(session, release.statement_id)
        stored = service.all_series(session, release.release_id)
    assert service.verify_bundle(raw).all_series() == stored
    assert logged is not None
    offline = service.verify_statement(raw, logged.entry.statement.public)
    assert offline.ok
    assert offline.values_compared == 3
    tampered = service.verify_statement(raw.replace(b"8800", b"8900"), logged.entry.statement.public)
    assert [type(fault) for fault in tampered.faults] == [BundleAltered]
    with pytest.raises(StatementDiffers):
        service.verify_statement(raw, {"release": "x"})
    other = dict(logged.entry.statement.public) | {"values": [["class", "resin", "1000.00000000"]]}
    assert [type(fault) for fault in service.verify_statement(raw, other).faults] == [StatementDiffers]
    lied = dict(logged.entry.statement.public) | {"values": [["composite", "all", "1234.00000000"]]}
    assert [type(fault) for fault in service.verify_statement(raw, lied).faults] == [ValueDiffers]


def test_a_changed_value_row_is_found_and_named(market: SmallMarket) -> None:
    release = published(market)
    with market.write() as session:
        series = service.values(session, release.release_id, "herb", "白芍")
        raw = encode_series(series).replace(str(series.last.value).encode(), b"999.99999999")
        session.connection().execute(
            text("update price_value set series = :packed where level = 'herb' and node = '白芍'"),
            {"packed": pack(decode_series(raw))},
        )
    with market.read() as session:
        faults = service.verify(session, release.release_id).faults
    assert {type(fault) for fault in faults} == {StatementDiffers, ValueDiffers}
    told = next(fault for fault in faults if isinstance(fault, ValueDiffers))
    assert told.parts["node"] == "白芍"
    assert str(told.parts["published"]) == "999.99999999"


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ("update price_release set headline = '1.00000000'", StatementDiffers),
        ("update price_release set method_sha256 = 'x'", StatementDiffers),
        ("update price_release set status = 'official'", StatementDiffers),
        ("update price_release set statement_id = 'release:other'", StatementMissing),
        ("delete from price_value where level = 'grade'", StatementDiffers),
    ],
)
def test_a_changed_release_row_is_found(
    sqlite_market: SmallMarket, change: str, fault: type[Exception]
) -> None:
    release = published(sqlite_market)
    with sqlite_market.write() as session:
        session.connection().execute(text(change))
    with sqlite_market.read() as session:
        faults = service.verify(session, release.release_id).faults
    assert fault in {type(each) for each in faults}


def test_an_exchanged_bundle_is_found(sqlite_market: SmallMarket) -> None:
    release = published(sqlite_market)
    with sqlite_market.write() as session:
        raw = service.bundle(session, release.release_id).replace(b"8800", b"8900")
        session.connection().execute(
            text("update price_bundle set body = :body"), {"body": zlib.compress(raw)}
        )
    with sqlite_market.read() as session:
        faults = service.verify(session, release.release_id).faults
    assert {type(fault) for fault in faults} == {BundleAltered, ValueDiffers}


def test_an_official_release_needs_six_months_of_trial(sqlite_market: SmallMarket) -> None:
    fill(sqlite_market)
    run = computed(sqlite_market)
    with pytest.raises(TrialTooShort):
        publish(sqlite_market, run, NOW_MS, "official")
    publish(sqlite_market, run, NOW_MS)
    with pytest.raises(TrialTooShort):
        publish(sqlite_market, run, NOW_MS + 182 * DAY_MS, "official")
    assert publish(sqlite_market, run, NOW_MS + 183 * DAY_MS, "official").status is ReleaseStatus.OFFICIAL


def test_a_composite_that_is_mostly_imputed_is_not_published(sqlite_market: SmallMarket) -> None:
    fill(sqlite_market)
    with sqlite_market.write() as session:
        take_in(session, [quote(6000, "2025-05-20", "茯苓", "丁")], "test", NOW_MS, known=KNOWN)
    run = computed(sqlite_market, until=day("2025-05-20"))
    with pytest.raises(TooMuchImputed):
        publish(sqlite_market, run)


def test_quarantined_and_unclassified_quotes_stay_out_and_are_listed(sqlite_market: SmallMarket) -> None:
    fill(sqlite_market)
    grade = Cell("茯苓", "丁", "安徽", "亳州")
    with sqlite_market.write() as session:
        worms = daily([500, 510], "2025-03-02", UNCLASSED)
        take_in(session, [quote(80_000, "2025-03-21"), *worms], "test", NOW_MS, known=KNOWN)
        decide(session, grade, day("2025-03-20"), "test", let_in=False, reason="电话核实", recorded_ms=NOW_MS)
    run = computed(sqlite_market, until=day("2025-03-31"))
    assert run.days[-1] == UNTIL
    assert [(out.cell.herb, out.rules) for out in run.inputs.left_out] == [
        (UNCLASSED, ("unclassified",)),
        (UNCLASSED, ("unclassified",)),
        ("白芍", ("unit-slip-x10",)),
        ("茯苓", ("withheld",)),
    ]
    reasons = [(each.rule, each.quotes, each.herbs) for each in run.exclusions]
    assert reasons == [
        ("unclassified", 2, (UNCLASSED,)),
        ("unit-slip-x10", 1, ("白芍",)),
        ("withheld", 1, ("茯苓",)),
    ]
    assert [each.words("zh") for each in run.exclusions] == [
        "药材没有分类",
        "与上次报价相差约 10 倍，疑为小数点错位",
        "由人工剔除",
    ]
    summary = publish(sqlite_market, run).summary
    assert (summary.left_out, summary.exclusions) == (4, run.exclusions)
    assert summary_of(summary_text(summary)) == summary
    assert exclusions(service.verify_bundle(run.bundle).inputs.left_out) == run.exclusions


def test_a_basket_of_which_every_quote_is_left_out_says_how_many_there_were(
    sqlite_market: SmallMarket,
) -> None:
    with sqlite_market.write() as session:
        take_in(session, daily([500, 510], "2025-03-02", UNCLASSED), "test", NOW_MS, known=KNOWN)
    with pytest.raises(NothingQuoted, match=r"quotes left out: 2"):
        computed(sqlite_market)


def test_the_best_tier_present_sets_the_price(sqlite_market: SmallMarket) -> None:
    fill(sqlite_market)
    trade = dataclasses.replace(quote(8200, "2025-03-20"), tier=Tier.TRADE)
    judged = dataclasses.replace(quote(1, "2025-03-19"), tier=Tier.JUDGEMENT)
    with sqlite_market.write() as session:
        take_in(session, [trade, judged], "trades", NOW_MS, known=KNOWN)
    run = computed(sqlite_market)
    column = next(place for place, cell in enumerate(run.inputs.cells) if cell.herb == "白芍")
    assert run.inputs.prices[-2:, column].tolist() == [8000.0, 8200.0]


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
        lines = service.nodes(session, release.release_id)
        assert [(str(line.level), line.node, line.parent) for line in lines] == [
            ("composite", "all", None),
            ("class", "fungus_alga", "all"),
            ("class", "root", "all"),
            ("herb", "白芍", "root"),
            ("herb", "茯苓", "fungus_alga"),
            ("grade", "白芍|统", "白芍"),
            ("grade", "茯苓|丁", "茯苓"),
        ]
        assert len(service.nodes(session, release.release_id, "herb")) == 2


def test_bytes_that_are_no_bundle_are_refused_with_the_reason(sqlite_market: SmallMarket) -> None:
    fill(sqlite_market)
    raw = computed(sqlite_market).bundle
    assert encode(decode(raw)) == raw
    broken = [
        b"",
        b"{}",
        b"[]",
        raw + b" ",
        raw.replace(b'"method":"bozhou@1"', b'"method":"bozhou@2"'),
        raw.replace(b'"daodi-index-inputs/1"', b'"daodi-index-inputs/2"'),
        raw.replace(b"jevons", b"carli", 1),
        raw.replace(b"[8500,", b"[", 1),
        raw.replace(b"[8500,", b"[0,", 1),
        raw.replace(b"[8500,", b'["8500",', 1),
        raw.replace(b"[8500,", b"[8500.5,", 1),
    ]
    cell = '["白芍","统","安徽","亳州"]'.encode()
    assert cell in raw
    broken.append(raw.replace(cell, '["茯苓","丁","安徽","亳州"]'.encode()))
    for each in broken:
        with pytest.raises(MalformedBundle):
            service.verify_bundle(each)
