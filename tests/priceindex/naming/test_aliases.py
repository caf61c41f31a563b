"""Names: what nobody knows waits, what is decided is taken in, and a listed name means itself."""

import pytest
from sqlmodel import Session

from ledger.errors import ManyFaults
from priceindex import book
from priceindex.errors import PartTooLong, UnlistedHerb
from priceindex.feeds.csv_feed import read_csv
from priceindex.intake.rejected import rejected
from priceindex.intake.taking_in import IntakeReport, take_in_body
from priceindex.naming import review
from priceindex.naming.aliases import (
    KINDS,
    AliasNew,
    aliases,
    decide_alias,
    end_alias,
    history,
    known_here,
    shipped,
)
from priceindex.naming.naming_errors import (
    AliasExists,
    MeaningUnknown,
    NameIsKnown,
    NameNotOurs,
    UnknownAlias,
)
from priceindex.naming.review import waiting
from priceindex.naming.waiting_rows import NameDecided, decide_name
from priceindex.quotes import Cell, ReadResult
from tests.priceindex.small_market import KNOWN, NOW_MS, SmallMarket

HEAD = "品名,规格,产地,市场,日期,价格\n"
LATER = NOW_MS + 1000


def body(*rows: str) -> bytes:
    return (HEAD + "\n".join(rows)).encode()


def sent(market: SmallMarket, *rows: str, source: str = "fair", at_ms: int = NOW_MS) -> IntakeReport:
    with market.write() as session:
        return take_in_body(session, body(*rows), "a.csv", source, at_ms, known=KNOWN, proceed=True)


def new(kind: str, written: str, meant: str | None, source: str = "") -> AliasNew:
    return AliasNew(
        kind=KINDS[kind],
        written=written,
        meant=meant,
        source=source,
        reason="电话问过",
        decided_by="5e6f7a8b 李",
    )


def decided(market: SmallMarket, alias: AliasNew, at_ms: int = LATER) -> NameDecided:
    def read_again(session: Session, sha256: str, source: str) -> ReadResult:
        from priceindex import archive

        return read_csv(archive.body(session, sha256), "a.csv", source)

    with market.write() as session:
        return decide_name(session, alias, KNOWN, at_ms, read_again)


def test_an_unknown_name_waits_with_its_rows_and_enters_when_it_is_decided(market: SmallMarket) -> None:
    report = sent(
        market,
        "白勺,统,安徽,亳州,2025-03-01,85",
        "白勺,统,安徽,亳州,2025-03-02,86",
        "白芍,统,安徽,安国,2025-03-01,84",
    )
    assert (report.accepted, report.rejected) == (1, 2)
    with market.read() as session:
        [name] = waiting(session, NOW_MS)
        assert [(row.row, row.rule, row.value) for row in rejected(session)] == [
            (3, "unlisted-herb", "白勺"),
            (2, "unlisted-herb", "白勺"),
        ]
    assert (name.kind, name.written, name.source, name.rows) == ("herb", "白勺", "fair", 2)
    assert "白芍" in name.nearest
    done = decided(market, new("herb", "白勺", "白芍"))
    assert (done.bodies, done.written) == (1, 2)
    with market.read() as session:
        assert waiting(session, LATER) == []
        known_then = book.quotes(session, as_of_ms=LATER - 1)
        taken = book.quotes(session, herb="白芍", market="亳州")
    assert [one.cell.market for one in known_then] == ["安国"]
    assert [(one.fen_per_kg, one.recorded_ms) for one in taken] == [(8600, LATER), (8500, LATER)]


def test_the_same_body_again_rejects_and_queues_nothing_more(sqlite_market: SmallMarket) -> None:
    row = "白勺,统,安徽,亳州,2025-03-01,85"
    sent(sqlite_market, row)
    sent(sqlite_market, row, at_ms=LATER)
    with sqlite_market.read() as session:
        assert len(rejected(session)) == 1
        assert [name.rows for name in waiting(session, LATER)] == [1]


def test_a_price_told_since_under_the_right_name_is_not_overwritten(sqlite_market: SmallMarket) -> None:
    sent(sqlite_market, "白勺,统,安徽,亳州,2025-03-01,85")
    sent(sqlite_market, "白芍,统,安徽,亳州,2025-03-01,88", at_ms=NOW_MS + 1)
    assert decided(sqlite_market, new("herb", "白勺", "白芍")).written == 0
    with sqlite_market.read() as session:
        assert [one.fen_per_kg for one in book.quotes(session)] == [8800]


def test_what_ships_makes_one_grade_of_two_spellings(sqlite_market: SmallMarket) -> None:
    sent(sqlite_market, "白芍,统货,安徽,安徽亳州,2025-03-01,85")
    with sqlite_market.read() as session:
        assert [one.cell for one in book.quotes(session)] == [Cell("白芍", "统", "安徽", "亳州")]
    assert all(alias.meant and alias.reason for alias in shipped())


def test_a_name_decided_for_one_source_means_nothing_in_anothers_mouth(sqlite_market: SmallMarket) -> None:
    decided(sqlite_market, new("grade", "大", "一二级", source="fair"), at_ms=NOW_MS)
    sent(sqlite_market, "白芍,大,安徽,亳州,2025-03-01,85", at_ms=LATER)
    sent(sqlite_market, "白芍,大,安徽,亳州,2025-03-01,85", source="other", at_ms=LATER)
    with sqlite_market.read() as session:
        assert {one.source: one.cell.grade for one in book.quotes(session)} == {
            "fair": "一二级",
            "other": "大",
        }


def test_a_name_that_is_none_of_ours_is_refused_and_waits_no_more(sqlite_market: SmallMarket) -> None:
    sent(sqlite_market, "苹果,统,,亳州,2025-03-01,8")
    decided(sqlite_market, new("herb", "苹果", None))
    report = sent(sqlite_market, "苹果,统,,亳州,2025-03-02,8", at_ms=LATER + 1)
    assert [type(fault) for fault in report.faults] == [NameNotOurs]
    with sqlite_market.read() as session:
        assert waiting(session, LATER + 1) == []
        assert book.quotes(session) == []


def test_an_alias_that_ended_leaves_the_name_unknown_again(sqlite_market: SmallMarket) -> None:
    done = decided(sqlite_market, new("herb", "白勺", "白芍"), at_ms=NOW_MS)
    with sqlite_market.write() as session:
        end_alias(session, done.alias.number, ended_by="x", reason="判错了吧", at_ms=LATER)
    report = sent(sqlite_market, "白勺,统,安徽,亳州,2025-03-01,85", at_ms=LATER)
    assert [type(fault) for fault in report.faults] == [UnlistedHerb]
    with sqlite_market.read() as session:
        assert aliases(session, LATER) == []
        assert [alias.meant for alias in aliases(session, LATER - 1)] == ["白芍"]
        assert len(history(session, "herb", "白勺")) == 1
    with pytest.raises(UnknownAlias), sqlite_market.write() as session:
        end_alias(session, done.alias.number, ended_by="x", reason="判错了吧", at_ms=LATER)


@pytest.mark.parametrize(
    ("alias", "fault"),
    [
        (new("herb", "白芍", "白术"), NameIsKnown),
        (new("market", "BOZHOU", "安国"), NameIsKnown),
        (new("market", " 亳州 ", "安国"), NameIsKnown),
        (new("grade", "统", "统"), NameIsKnown),
        (new("herb", "白勺", "白药"), MeaningUnknown),
        (new("market", "毫州", "毫洲"), MeaningUnknown),
        (new("grade", "x" * 41, "统"), PartTooLong),
        (new("grade", "统|选", "统"), PartTooLong),
        (new("grade", "", "统"), PartTooLong),
    ],
)
def test_an_alias_that_would_mislead_is_refused(
    sqlite_market: SmallMarket, alias: AliasNew, fault: type[Exception]
) -> None:
    with pytest.raises(fault), sqlite_market.write() as session:
        decide_alias(session, alias, KNOWN, NOW_MS)


def test_a_name_is_decided_once_until_that_ends(sqlite_market: SmallMarket) -> None:
    decided(sqlite_market, new("herb", "白勺", "白芍"), at_ms=NOW_MS)
    with pytest.raises(AliasExists):
        decided(sqlite_market, new("herb", " 白勺", "白术"), at_ms=NOW_MS)


def test_without_proceed_nothing_waits_because_nothing_was_taken(sqlite_market: SmallMarket) -> None:
    with pytest.raises(ManyFaults), sqlite_market.write() as session:
        take_in_body(session, body("白勺,统,安徽,亳州,2025-03-01,85"), "a.csv", "fair", NOW_MS, known=KNOWN)
    with sqlite_market.read() as session:
        assert waiting(session, NOW_MS) == []


def test_a_source_cannot_flood_the_queue_and_its_rows_are_kept_all_the_same(
    sqlite_market: SmallMarket, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(review, "OPEN_PER_SOURCE", 3)
    sent(sqlite_market, *(f"假药{place},统,,亳州,2025-03-01,8" for place in range(9)))
    sent(sqlite_market, "白勺,统,,亳州,2025-03-01,8", source="honest")
    with sqlite_market.read() as session:
        names = waiting(session, NOW_MS)
        assert sum(name.source == "fair" for name in names) == 3
        assert any(name.source == "honest" for name in names)
        assert len(rejected(session, source="fair")) == 9


def test_the_meanings_of_a_source_go_before_everybodys(sqlite_market: SmallMarket) -> None:
    decided(sqlite_market, new("origin", "川", "四川"), at_ms=NOW_MS)
    decided(sqlite_market, new("origin", "川", "重庆", source="fair"), at_ms=NOW_MS)
    with sqlite_market.read() as session:
        meant = {
            source: known_here(session, KNOWN, source, NOW_MS).meanings["origin", "川"]
            for source in ("fair", "other")
        }
    assert meant == {"fair": "重庆", "other": "四川"}
