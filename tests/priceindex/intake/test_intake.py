"""Taking quotes in: all or nothing, nothing twice, nothing overwritten, nothing silently dropped."""

from datetime import date

import pytest
from pydantic import ValidationError
from sqlalchemy import text

from ledger.errors import Location, ManyFaults
from priceindex import archive, book
from priceindex.errors import (
    ConflictingQuote,
    EmptyBody,
    MissingColumn,
    PartTooLong,
    PriceNotPositive,
    QuoteInFuture,
    UnknownArchive,
    UnlistedHerb,
    UnlistedMarket,
)
from priceindex.feeds.feed_errors import UnreadableSheet
from priceindex.intake.desk import QuoteKey, Verdict, decide
from priceindex.intake.taking_in import take_in, take_in_body
from priceindex.quotes import Cell, Quote, QuoteNew, Status, Tier
from tests.priceindex.small_market import KEY, KNOWN, NOW_MS, ORIGIN, SmallMarket, daily, day, quote

CELL = Cell("白芍", "统", "安徽", "亳州")


def rows(market: SmallMarket) -> int:
    with market.read() as session:
        return int(session.connection().execute(text("select count(*) from price_quote")).scalar_one())


def put(market: SmallMarket, quotes: list[Quote], at_ms: int = NOW_MS, source: str = "test") -> None:
    with market.write() as session:
        take_in(session, quotes, source, at_ms, known=KNOWN)


def test_the_same_quotes_again_add_no_row(market: SmallMarket) -> None:
    quotes = daily([8500, 8500, 8600], "2025-03-01")
    put(market, quotes)
    with market.write() as session:
        report = take_in(session, quotes, "test", NOW_MS + 1, known=KNOWN)
    assert (report.written, report.duplicates) == (0, 3)
    assert rows(market) == 3


def test_a_corrected_price_is_a_further_revision_and_both_moments_can_be_asked_for(
    market: SmallMarket,
) -> None:
    put(market, [quote(8500, "2025-03-01")], NOW_MS)
    with market.write() as session:
        report = take_in(session, [quote(8800, "2025-03-01")], "test", NOW_MS + 1000, known=KNOWN)
    assert (report.accepted, report.revised) == (1, 1)
    with market.read() as session:
        assert [one.fen_per_kg for one in book.quotes(session, as_of_ms=NOW_MS)] == [8500]
        assert [one.fen_per_kg for one in book.quotes(session, as_of_ms=NOW_MS + 999)] == [8500]
        assert [one.fen_per_kg for one in book.quotes(session)] == [8800]
        assert book.quotes(session, as_of_ms=NOW_MS - 1) == []
        kept = book.history(session, CELL, day("2025-03-01"), "test")
    assert [(one.revision, one.fen_per_kg) for one in kept] == [(0, 8500), (1, 8800)]


def test_two_sources_may_say_different_prices_of_one_cell(market: SmallMarket) -> None:
    put(market, [quote(8500, "2025-03-01")], source="one")
    put(market, [quote(8600, "2025-03-01")], source="two")
    with market.read() as session:
        assert [(one.source, one.fen_per_kg) for one in book.quotes(session)] == [
            ("one", 8500),
            ("two", 8600),
        ]


@pytest.mark.parametrize(
    ("bad", "fault"),
    [
        (quote(0, "2025-03-02"), PriceNotPositive),
        (quote(-500, "2025-03-02"), PriceNotPositive),
        (quote(8500, "2026-01-03"), QuoteInFuture),
        (quote(9000, "2025-03-01"), ConflictingQuote),
        (quote(8500, "2025-03-02", "白勺"), UnlistedHerb),
        (quote(8500, "2025-03-02", market="毫州"), UnlistedMarket),
    ],
)
def test_one_bad_quote_keeps_all_out_unless_told_to_proceed(
    sqlite_market: SmallMarket, bad: Quote, fault: type[Exception]
) -> None:
    quotes = [quote(8500, "2025-03-01"), bad]
    with pytest.raises(ManyFaults) as refused, sqlite_market.write() as session:
        take_in(session, quotes, "test", NOW_MS, known=KNOWN)
    assert [type(each) for each in refused.value.faults] == [fault]
    assert rows(sqlite_market) == 0
    with sqlite_market.write() as session:
        report = take_in(session, quotes, "test", NOW_MS, known=KNOWN, proceed=True)
    assert (report.accepted, report.rejected) == (1, 1)
    assert rows(sqlite_market) == 1


def test_today_is_the_date_in_china(sqlite_market: SmallMarket) -> None:
    """2026-01-02T16:00Z is already 3 January in China."""
    put(sqlite_market, [quote(8500, "2026-01-03")], NOW_MS + 16 * 3_600_000)
    assert rows(sqlite_market) == 1


@pytest.mark.parametrize(
    ("fen", "code", "status"),
    [
        (17_000, "unit-slip-x2", Status.QUARANTINED),
        (4_250, "unit-slip-x2", Status.QUARANTINED),
        (85_000, "unit-slip-x10", Status.QUARANTINED),
        (850, "unit-slip-x10", Status.QUARANTINED),
        (8_500 * 500, "unit-slip-x500", Status.QUARANTINED),
        (8_500 * 1000, "unit-slip-x1000", Status.QUARANTINED),
        (8_500 * 30, "absurd-jump", Status.QUARANTINED),
        (12_000, "big-step", Status.FLAGGED),
        (5_600, "big-step", Status.FLAGGED),
        (11_200, "", Status.ACCEPTED),
    ],
)
def test_jumps_are_marked_by_what_they_look_like(
    sqlite_market: SmallMarket, fen: int, code: str, status: Status
) -> None:
    put(sqlite_market, [quote(8500, "2025-03-01"), quote(fen, "2025-03-02")])
    with sqlite_market.read() as session:
        stored = book.quotes(session, first=day("2025-03-02"))[0]
    assert (stored.status, " ".join(stored.rules)) == (status, code)


def test_the_next_quote_is_judged_by_the_last_good_one_not_by_the_slip(sqlite_market: SmallMarket) -> None:
    put(sqlite_market, daily([8500, 85_000, 8500], "2025-03-01"))
    with sqlite_market.read() as session:
        found = [str(one.status) for one in book.quotes(session)]
    assert found == ["accepted", "quarantined", "accepted"]


def test_a_quote_of_a_later_file_is_judged_by_the_one_before_it_in_the_book(
    sqlite_market: SmallMarket,
) -> None:
    put(sqlite_market, [quote(8500, "2025-03-01")])
    put(sqlite_market, [quote(85_000, "2025-03-02")], NOW_MS + 1)
    with sqlite_market.read() as session:
        assert book.quotes(session, status=Status.QUARANTINED)[0].fen_per_kg == 85_000


def test_a_doubling_over_a_long_silence_is_no_slip(sqlite_market: SmallMarket) -> None:
    put(sqlite_market, [quote(8500, "2025-03-01"), quote(17_000, "2025-09-01")])
    with sqlite_market.read() as session:
        assert {one.status for one in book.quotes(session)} == {Status.ACCEPTED}


def test_a_person_lets_a_quarantined_quote_in_and_the_slip_stays_on_file(market: SmallMarket) -> None:
    put(market, daily([8500, 17_000], "2025-03-01"))
    with market.write() as session:
        decide(
            session,
            [QuoteKey(CELL, day("2025-03-02"), "test")],
            Verdict.RELEASE,
            reason="电话核实过",
            decided_by="5e6f7a8b 李",
            origin=ORIGIN,
            key=KEY,
            recorded_ms=NOW_MS + 5,
        )
    with market.read() as session:
        kept = book.history(session, CELL, day("2025-03-02"), "test")
    assert [str(one.status) for one in kept] == ["quarantined", "accepted"]
    assert kept[1].rules == ("unit-slip-x2",)


def test_the_raw_body_is_kept_by_its_digest(sqlite_market: SmallMarket) -> None:
    body = "品名,规格,产地,市场,日期,价格\n白芍,统,安徽,亳州,2025-03-01,85\n".encode("gb18030")
    with sqlite_market.write() as session:
        report = take_in_body(session, body, "三月.csv", "test", NOW_MS, known=KNOWN)
    assert report.accepted == 1
    with sqlite_market.read() as session:
        assert archive.body(session, report.archive_sha256 or "") == body
        assert book.quotes(session)[0].archive_sha256 == report.archive_sha256
        with pytest.raises(UnknownArchive):
            archive.body(session, "0" * 64)


def test_a_file_with_a_bad_row_leaves_not_even_its_body_behind(sqlite_market: SmallMarket) -> None:
    body = "品名,规格,市场,日期,价格\n白芍,统,亳州,2025-03-01,85\n白芍,统,亳州,2025-03-02,5-5-6.5\n".encode()
    with pytest.raises(ManyFaults) as refused, sqlite_market.write() as session:
        take_in_body(session, body, "三月.csv", "test", NOW_MS, known=KNOWN)
    assert refused.value.faults[0].at == Location(file="三月.csv", row=3, field="价格", value="5-5-6.5")
    with sqlite_market.read() as session:
        assert session.connection().execute(text("select count(*) from price_archive")).scalar_one() == 0
    with sqlite_market.write() as session:
        report = take_in_body(session, body, "三月.csv", "test", NOW_MS, known=KNOWN, proceed=True)
    assert (report.accepted, report.rejected, len(report.faults)) == (1, 1, 1)


def test_a_misspelt_herb_or_market_is_named_with_its_cell_and_what_was_meant(
    sqlite_market: SmallMarket,
) -> None:
    body = "品名,规格,市场,日期,价格\n白勺,统,亳州,2025-03-01,85\n白芍,统,毫州,2025-03-01,85\n".encode()
    with pytest.raises(ManyFaults) as refused, sqlite_market.write() as session:
        take_in_body(session, body, "三月.csv", "test", NOW_MS, known=KNOWN)
    herb, market = refused.value.faults
    assert herb.at == Location(file="三月.csv", row=2, field="品名", value="白勺")
    assert "白芍、白术" in herb.remedy("zh")
    assert market.at == Location(file="三月.csv", row=3, field="市场", value="毫州")
    assert "亳州、安国、荷花池、玉林" in market.remedy("zh")
    assert rows(sqlite_market) == 0


def test_a_market_written_in_full_is_kept_by_its_one_name(sqlite_market: SmallMarket) -> None:
    lines = [
        "品名,规格,市场,日期,价格",
        "白芍,统,亳州中药材市场,2025-03-01,85",
        "白芍,统,BoZhou,2025-03-02,85",
    ]
    body = "\n".join(lines).encode()
    with sqlite_market.write() as session:
        take_in_body(session, body, "三月.csv", "test", NOW_MS, known=KNOWN)
    with sqlite_market.read() as session:
        assert {one.cell.market for one in book.quotes(session)} == {"亳州"}


def test_faults_stand_in_the_order_of_the_rows_whoever_found_them(sqlite_market: SmallMarket) -> None:
    lines = ["品名,规格,市场,日期,价格"]
    lines += [f"白芍,统,亳州,2025-03-{row:02},{'x' if row % 2 else '-85'}" for row in range(2, 10)]
    with pytest.raises(ManyFaults) as refused, sqlite_market.write() as session:
        take_in_body(session, "\n".join(lines).encode(), "三月.csv", "test", NOW_MS, known=KNOWN)
    assert [fault.at.row for fault in refused.value.faults] == list(range(2, 10))


@pytest.mark.parametrize("body", [b"", b"PK\x03\x04", "品名,规格\n白芍,统\n".encode()])
def test_what_is_wrong_with_a_whole_file_is_told_by_itself_and_cannot_be_proceeded_past(
    sqlite_market: SmallMarket, body: bytes
) -> None:
    with (
        pytest.raises((EmptyBody, UnreadableSheet, MissingColumn)),
        sqlite_market.write() as session,
    ):
        take_in_body(session, body, "三月.csv", "test", NOW_MS, known=KNOWN, proceed=True)


def test_a_quote_of_a_request_becomes_a_quote_of_its_source() -> None:
    new = QuoteNew(herb=" 白芍 ", grade="统", market="亳州", day=date(2025, 3, 1), fen_per_kg=8500)
    made = new.quote("hand")
    assert (made.herb, made.source, made.tier, made.cell) == (
        "白芍",
        "hand",
        Tier.MARKET,
        Cell("白芍", "统", "", "亳州"),
    )


@pytest.mark.parametrize(
    "wrong",
    [
        {"fen_per_kg": 0},
        {"low_fen_per_kg": 9000},
        {"high_fen_per_kg": 8000},
        {"grade": "统|选"},
        {"herb": "白\u202e芍"},
        {"market": ""},
        {"price": 1},
    ],
)
def test_a_request_that_cannot_be_a_quote_is_refused(wrong: dict[str, object]) -> None:
    right = {"herb": "白芍", "grade": "统", "market": "亳州", "day": "2025-03-01", "fen_per_kg": 8500}
    QuoteNew.model_validate(right)
    with pytest.raises(ValidationError):
        QuoteNew.model_validate(right | wrong)


def test_a_name_that_would_break_the_keys_never_becomes_a_cell(sqlite_market: SmallMarket) -> None:
    with pytest.raises(PartTooLong), sqlite_market.write() as session:
        take_in(session, [quote(8500, "2025-03-01", grade="统|选")], "test", NOW_MS, known=KNOWN)
    assert rows(sqlite_market) == 0


def test_reading_the_book_filters_by_cell_and_day(sqlite_market: SmallMarket) -> None:
    put(sqlite_market, daily([100, 100], "2025-03-01") + daily([200], "2025-03-02", "茯苓", market="安国"))
    with sqlite_market.read() as session:
        assert {one.cell.herb for one in book.quotes(session, market="安国")} == {"茯苓"}
        assert [one.day for one in book.quotes(session, herb="白芍", last=day("2025-03-01"))] == [
            day("2025-03-01")
        ]
        assert len(book.quotes(session, limit=2)) == 2
        assert len(book.quotes(session, limit=2, offset=2)) == 1


def two_years(cells: int) -> list[Quote]:
    """Daily quotes of 730 days for so many grade-market cells."""
    quotes: list[Quote] = []
    for place in range(cells):
        cell = {"grade": f"规格{place % 60}", "market": ("亳州", "安国", "荷花池", "玉林")[place // 60]}
        quotes += daily([1000 + place] * 730, "2024-01-01", "白芍", **cell)
    return quotes


def test_more_quotes_than_one_chunk_holds_all_go_in(market: SmallMarket) -> None:
    with market.write() as session:
        report = take_in(session, two_years(8), "test", NOW_MS, known=KNOWN)
    assert report.written == rows(market) == 5_840
