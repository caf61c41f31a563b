"""Price sites and senders of files who want in, want our memory, our time, or a price that is not theirs."""

import gzip
import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from time import thread_time

import httpx
import pytest

from api.polling import Polling
from api.station import Station
from priceindex import book
from priceindex.feeds.address_guard import AddressGuard, Placed
from priceindex.feeds.contract import RawBody, Reading
from priceindex.feeds.feed_errors import NoTable, TooManyRows, UnreadableJson, UnreadableSheet
from priceindex.feeds.feed_polls import Outcome
from priceindex.feeds.shapes import read_body
from tests.api.conftest import ON_BOTH_DATABASES
from tests.api.feed_station import FeedStation, polled, rows
from tests.priceindex.feeds.bodies import HEADING, ROWS, workbook
from tests.priceindex.price_site import ANYWHERE, hasty
from tests.priceindex.small_market import KNOWN, day

CSV = {"content-type": "text/csv"}
PATIENCE_S = 5.0
"""CPU seconds no hostile body may cost; honest ones take milliseconds."""


@pytest.fixture
def at(station: Station) -> Iterator[FeedStation]:
    with polled(station) as opened:
        yield opened


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteIsPublic(AddressGuard):
    """Lets the one site through as if it stood on the public net, and judges every other address."""

    port: int

    def place(self, url: httpx.URL) -> Placed:
        if url.port == self.port:
            return ANYWHERE.place(url)
        # Named out of turn: a slotted dataclass is made twice, and `super()` would mean the first.
        return AddressGuard.place(self, url)


def raw(content: bytes) -> RawBody:
    return RawBody(name="x", content=content, media_type="", received_ms=0)


def guarded(at: FeedStation, guard: AddressGuard) -> Polling:
    return Polling(at.station.database, at.station.writer, lambda: at.now_ms, guard, hasty())


def test_without_the_operators_word_no_feed_is_asked_on_loopback(at: FeedStation) -> None:
    at.set_up()
    poll = guarded(at, AddressGuard()).poll("site")
    assert (poll.outcome, at.site.asked) == (Outcome.FAILED, [])


@pytest.mark.parametrize(
    "inside",
    [
        "http://169.254.169.254/latest/meta-data",
        "http://[::1]:9/",
        "http://0x7f000001:9/",
        "http://127.1:9/",
        "http://localhost:9/",
        "file:///etc/passwd",
        "http://[::ffff:10.0.0.1]/",
        "//10.0.0.1/x.csv",
    ],
)
def test_a_redirect_inside_is_not_followed(at: FeedStation, inside: str) -> None:
    at.set_up()
    at.site.answers = [(302, {"Location": inside}, b"")]
    poll = guarded(at, SiteIsPublic(port=at.site.server.server_port)).poll("site")
    assert (poll.outcome, len(at.site.asked)) == (Outcome.FAILED, 1)


def test_a_site_that_redirects_in_a_ring_is_given_up(at: FeedStation) -> None:
    at.set_up()
    at.site.answers = [(302, {"Location": "/again"}, b"")] * 20
    assert at.polling.poll("site").outcome is Outcome.FAILED
    assert len(at.site.asked) == 4


def test_a_small_answer_that_unpacks_to_a_large_one_is_dropped_on_the_way(at: FeedStation) -> None:
    at.set_up()
    bomb = gzip.compress(bytes(64 * 1024 * 1024))
    at.site.answers = [(200, CSV | {"Content-Encoding": "gzip"}, bomb)]
    poll = at.polling.poll("site")
    assert (poll.outcome, poll.body_sha256) == (Outcome.FAILED, None)


@ON_BOTH_DATABASES
@pytest.mark.parametrize(
    "headers",
    [
        {"ETag": '"' + "x" * 5000 + '"'},
        {"ETag": '"\xe9\xff"'},
        {"Last-Modified": "y" * 500},
        {"Content-Type": "text/csv; x=" + "z" * 3000},
    ],
)
def test_headers_no_table_can_keep_neither_stop_a_poll_nor_come_back(
    at: FeedStation, headers: dict[str, str]
) -> None:
    at.set_up()
    at.site.answers = [(200, CSV | headers, rows(1)), (200, CSV, rows(1, 8600))]
    for _ in range(2):
        assert at.polling.poll("site").outcome is Outcome.NEW
    assert not {"if-none-match", "if-modified-since"} & at.site.asked[1].keys()


GOOD = {
    "herb": "白芍", "grade": "统", "market": "亳州", "price": "85", "unit": "", "day": "2025-03-01",
    "currency": "", "point": "",
}  # fmt: skip
HOSTILE = ['"=cmd|calc"', f'"{"长" * 500}"', '{"a": 1}', "1e400", '"\u202e安"', f'"{"9" * 400}"']


def body(changes: list[tuple[str, str]]) -> bytes:
    """Rows of JSON, in each of which one cell is another than in a good one."""
    lines = []
    for part, cell in changes:
        members = {key: f'"{value}"' for key, value in GOOD.items()} | {part: cell}
        lines.append("{" + ", ".join(f'"{key}": {value}' for key, value in members.items()) + "}")
    return f"[{', '.join(lines)}]".encode()


@ON_BOTH_DATABASES
def test_no_cell_of_a_hostile_body_breaks_a_poll_or_becomes_a_price(at: FeedStation) -> None:
    at.set_up(form="json", settings={"rows": "any"})
    json = {"content-type": "application/json"}
    changes = [(part, cell) for part in GOOD for cell in HOSTILE]
    at.site.answers = [(200, json, body(changes)), (200, json, body([("grade", '"\\u0000"')]))]
    at.site.answers += [(200, json, body([("herb", '"\\ud800"')]))]
    assert [at.polling.poll("site").outcome for _ in range(3)] == [
        Outcome.NEW,
        Outcome.UNREADABLE,
        Outcome.UNREADABLE,
    ]
    with at.station.database.read() as session:
        told = book.quotes(session)
    assert {(quote.fen_per_kg, quote.cell.herb, quote.cell.market) for quote in told} <= {
        (8500, "白芍", "亳州")
    }


def zipped(**parts: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/"), content)
    return stream.getvalue()


def test_a_workbook_that_unpacks_to_more_than_any_table_is_refused_unopened() -> None:
    started = thread_time()
    with pytest.raises(UnreadableSheet):
        read_body(
            "table",
            raw(zipped(**{"xl__worksheets__sheet1.xml": bytes(200 * 1024 * 1024)})),
            Reading(source="x"),
        )
    many = b"<worksheet><sheetData>" + b"<row/>" * 200_000
    with pytest.raises(TooManyRows):
        read_body("table", raw(zipped(xl__worksheets__s=many)), Reading(source="x"))
    assert thread_time() - started < PATIENCE_S


def test_a_workbook_with_entities_or_outside_parts_is_refused() -> None:
    with zipfile.ZipFile(io.BytesIO(workbook([HEADING, ROWS[0]]))) as good:
        parts = {name: good.read(name) for name in good.namelist()}
    hostile = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
    sheet = parts["xl/worksheets/sheet1.xml"]
    parts["xl/worksheets/sheet1.xml"] = hostile + sheet.replace(b"</sheetData>", b"&b;</sheetData>")
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    with pytest.raises(UnreadableSheet):
        read_body("table", raw(stream.getvalue()), Reading(source="x"))


@pytest.mark.parametrize(
    "content",
    [
        b"<table>" * 200_000,
        b"<" * 300_000,
        b"<a " * 200_000,
        b"<!--" * 100_000,
        b"<table>" + b"<tr><td>" * 90_000,
        b"<table><tr><td colspan=99999999>x</td></tr><tr><td>1</td></tr></table>",
    ],
)
def test_a_page_made_to_be_slow_is_refused_in_time(content: bytes) -> None:
    started = thread_time()
    with pytest.raises((NoTable, TooManyRows)):
        read_body("table", raw(content), Reading(source="x", known=KNOWN))
    assert thread_time() - started < PATIENCE_S


@pytest.mark.parametrize(
    "text",
    [
        "亳州市场白芍" + "的 " * 50_000 + "65元",
        "亳州市场白芍统货" + "1-" * 50_000 + "元",
        "亳州市场白芍" + "大小" * 50_000 + "统65元",
        "亳州市场白芍统货价" + "1," * 50_000 + "元",
        "元1" * 100_000,
    ],
)
def test_a_sentence_made_to_be_slow_is_a_fault_in_time(text: str) -> None:
    started = thread_time()
    result = read_body("prose", raw(text.encode()), Reading(source="x", known=KNOWN, day=day("2025-12-30")))
    assert result.quotes == ()
    assert thread_time() - started < PATIENCE_S


@pytest.mark.parametrize("content", [b'{"quotes":' * 5_000, b"[" + b"9" * 5_000_000 + b"]", b'["a"]'])
def test_json_made_to_be_deep_or_long_is_refused_in_time(content: bytes) -> None:
    started = thread_time()
    with pytest.raises(UnreadableJson):
        read_body("table", raw(content), Reading(source="x"))
    assert thread_time() - started < PATIENCE_S
