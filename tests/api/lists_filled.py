"""A station with at least three of everything that is listed; where it can be, at the same moment.

What has a short way in is handed in over HTTP; of what has a long one the rows are laid down as they stand.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlmodel import Session, SQLModel, select
from starlette.testclient import TestClient

from api.code_issuing import issue_batch
from api.key_service import add_log_key, retire_log_key
from api.quoted_names import known_names
from api.station import Station
from api.webhooks.endpoints import EndpointNew, register
from ledger.canonical import canonical
from ledger.keyring.registration import registration
from ledger.keys import SigningKey
from ledger.tables import CheckpointRow
from ledger.timestamps.timestamp_tables import TimestampRow
from priceindex.calendar import day_number
from priceindex.currency.rates import enter
from priceindex.governance.governance_tables import AssessmentRow
from priceindex.intake.intake_tables import RejectedRow
from priceindex.intake.taking_in import take_in_body
from priceindex.naming.naming_tables import AliasRow, NameReviewRow
from priceindex.releases.release_tables import BundleRow, DraftRow, ReleaseRow
from priceindex.releases.release_tables import NoticeRow as IndexNoticeRow
from tests.api.accounts_of import Somebody, somebody
from tests.attacks.foreign_world import LATER_MS, sent_by
from tests.trace.files import PDF
from tests.trace.holding import REGULATOR, register_regulator
from tests.trace.season import COOP, GROWER, MAKER, at, register_all, white_peony
from trace.coding.code_orders import CodeOrder
from trace.coding.code_words import Level
from trace.coding.trace_code import decode
from trace.integrity.credit import Measure, PunishmentNew, punish
from trace.recalls.recall_tables import DrillRow, HoldRow, NoticeRow, RecallRow
from trace.scanning.scan_marks import add_scans
from trace.scanning.scans import Scan
from trace.tables import FindingRow, StepRow

LOT = "BS-HERB"
QUOTED = date(2026, 9, 1)
THREE = range(3)
_DIGEST = "ab" * 32
_SUMMARY = {
    **dict.fromkeys(("cells", "quoted", "carried", "missing", "up", "down", "flat"), 0),
    **dict.fromkeys(("imputed_bp", "stale_bp", "left_out"), 0),
    **{name: [] for name in ("contributions", "movers", "exclusions")},
    "weights": "x",
    "change_points": "0",
    "link_points": "0",
}
_HEADINGS = "herb,spec,origin,market,date,price_yuan_per_kg"


@dataclass(frozen=True)
class Filled:
    """The station, and who may read what."""

    client: TestClient
    operator: Mapping[str, str]
    person: Somebody
    """Who made API keys at a browser."""
    sha256: str
    """Of a document that three parties stated."""


def filled(station: Station, client: TestClient, operator: Mapping[str, str]) -> Filled:
    """Fill a founded station."""
    station.clock = lambda: LATER_MS
    codes = _season(station)
    station.settle()
    post = _Posting(client, dict(operator))
    sha256 = _handed_in(post)
    person = _people(station, client)
    _quotes(station)
    for _ in THREE:
        issue_batch(station, CodeOrder(party=MAKER, count=2, level=Level.PACK))
        station.settle()
    _log_keys(station)
    station.writer.submit(lambda session: _scanned(session, station, codes))
    station.writer.submit(lambda session: _stated(session, station))
    station.writer.submit(lambda session: _laid_down(session))
    station.writer.submit(_timestamps)
    return Filled(client, operator, person, sha256)


@dataclass(frozen=True)
class _Posting:
    client: TestClient
    headers: dict[str, str]

    def __call__(self, path: str, **sent: Any) -> dict[str, Any]:
        answer = self.client.post(path, headers=self.headers, **sent)
        assert answer.status_code in {200, 201, 202}, (path, answer.text)
        told: dict[str, Any] = answer.json()
        return told


def _season(station: Station) -> tuple[str, ...]:
    station.writer.submit(lambda session: register_all(session, station.recorder))
    station.writer.submit(lambda session: register_regulator(session, station.recorder, at(1)))
    codes: tuple[str, ...] = ()
    for new, at_ms in white_peony():
        work = _recording(station, new, at_ms)
        codes += station.writer.submit(work).codes
    return codes


def _recording(station: Station, new: Any, at_ms: int) -> Callable[[Session], Any]:
    return lambda session: station.recorder.record_step(session, new, at_ms)


def _handed_in(post: _Posting) -> str:
    for number in THREE:
        post("/v1/key-requests", json={"change": "add", "reason": "yearly"})
        address = f"https://prices.example.org/{number}.csv"
        post("/v1/feeds", json={"name": f"feed-{number}", "address": address, "settings": {"market": "亳州"}})
        key = SigningKey.from_seed(bytes([0x31 + number]) * 32)
        post("/v1/keys", json=sent_by(key, registration(key.public, GROWER, LATER_MS)))
        weighed = {
            "family": "herbs-entered", "source": "协会", "first": "2024-01-01", "last": "2024-12-31",
            "effective": f"2025-0{number + 1}-01", "lines": [{"herb": "白芍", "grade": "统", "fen": 300}],
        }  # fmt: skip
        post("/v1/weight-sets", json=weighed)
        link = {"scheme": "x-erp", "code": f"A-{number}", "lot": LOT}
        post("/v1/links", json={"party": GROWER, "links": [link]})
    return _documents(post)


def _documents(post: _Posting) -> str:
    """Three of the lot's own firm and one of a stranger's; one file that three firms stated."""
    said = {"kind": "test_report", "title": "检验报告", "visibility": "public", "lots": LOT}
    for party, body in ((GROWER, b"1"), (GROWER, b"2"), (COOP, b""), (MAKER, b""), (GROWER, b"")):
        files = {"file": ("a", PDF + body, "application/pdf")}
        sha256 = post("/v1/documents", data={**said, "party": party}, files=files)["sha256"]
    return str(sha256)


def _people(station: Station, client: TestClient) -> Somebody:
    first, *_ = [somebody(station, "clerk", name=f"clerk-{number}", party=MAKER) for number in THREE]
    for number in THREE:
        made = client.post("/v1/api-keys", json={"name": f"k-{number}", "days": 9}, headers=first.headers)
        assert made.status_code == 201, made.text
        new = EndpointNew.model_validate(
            {"address": f"https://receiver.example.org/{number}", "events": ["index.notice"]}
        )
        station.writer.submit(_registering(station, new, first.account_id))
    return first


def _registering(station: Station, new: EndpointNew, owner: str) -> Callable[[Session], Any]:
    return lambda session: register(session, new, owner, LATER_MS, station.randomness)


def _quotes(station: Station) -> None:
    """Quotes of three sources, one of them said anew twice, and three far off what was said before."""
    for source in ("fair", "rival", "third"):
        for price in ("40.0", "41.0", "42.0"):
            _take_in(station, source, [f"白芍,统,安徽,亳州,{QUOTED},{price}"])
    days = [QUOTED + timedelta(days=number) for number in range(1, 6)]
    _take_in(station, "fair", [f"白芍,统,安徽,亳州,{day},4000000.0" for day in days])


def _take_in(station: Station, source: str, lines: list[str]) -> None:
    body = "\n".join([_HEADINGS, *lines]).encode() + b"\n"
    station.writer.submit(
        lambda session: take_in_body(
            session, body, "quotes.csv", source, LATER_MS, known=known_names(), proceed=False
        )
    )


def _scanned(session: Session, station: Station, codes: tuple[str, ...]) -> None:
    """Three codes, each seen in three cities on one day."""
    for code in codes[:3]:
        serial = decode(code, station.code_keys)
        cities = ("341600", "110100", "440100")
        add_scans(
            session,
            [Scan(serial=serial, at_ms=LATER_MS - 1, city=each, device="a", network="a") for each in cities],
        )


def _stated(session: Session, station: Station) -> None:
    declarer = station.recorder.declarer
    for number in THREE:
        new = PunishmentNew(
            party=MAKER, measure=Measure.WARNING, reason="标签不全", from_ms=LATER_MS, until_ms=LATER_MS + 9
        )
        punish(session, declarer, new, REGULATOR, LATER_MS)
        for currency in ("USD", "EUR"):
            enter(session, currency, date(2026, 8, 1 + number), f"7.{number}", "CFETS", LATER_MS)
    enter(session, "USD", date(2026, 8, 1), "7.9", "CFETS", LATER_MS)


def _laid_down(session: Session) -> None:
    step = session.exec(select(StepRow)).first()
    assert step is not None
    session.add(BundleRow(sha256=_DIGEST, size_bytes=1, body=b"x"))
    session.flush()
    for number in THREE:
        session.add(_release(number))
        session.add(_hold(number))
    session.flush()
    for number in THREE:
        session.add_all(_index_rows(number))
        session.add(_recall(number))
    session.flush()
    for number in THREE:
        session.add_all(_recall_rows(number))
        session.add(
            FindingRow(
                finding_id=f"late-{number}",
                rule="late.recorded",
                step_id=step.step_id,
                parts="{}",
                found_ms=LATER_MS,
            )
        )


def _release(number: int) -> SQLModel:
    day = day_number(QUOTED) + number
    return ReleaseRow(
        release_id=f"laid-{number}", family="bozhou", ordinal=number, until=day, last_day=day,
        status="trial", method_id="m", method_sha256=_DIGEST, bundle_sha256=_DIGEST, values_sha256=_DIGEST,
        form=1, kept=1, final_after_days=1, as_of_ms=LATER_MS, published_ms=LATER_MS, headline="1000",
        statement_id=f"release/{number}", summary=canonical(_SUMMARY).decode(),
    )  # fmt: skip


def _index_rows(number: int) -> Iterator[SQLModel]:
    day = day_number(QUOTED)
    yield DraftRow(
        release_id=f"draft-{number}", family="bozhou", revision=0, last_day=day, status="trial",
        bundle_sha256=_DIGEST, values_sha256=_DIGEST, stage="made", due_ms=LATER_MS, made_ms=LATER_MS,
        made_by="甲", made_token="a",
    )  # fmt: skip
    yield IndexNoticeRow(
        notice_id=f"notice-{number}", family="bozhou", release_id="laid-0", level="composite", node="all",
        first_day=day, last_day=day, values_changed=0, reason="误报", by_name="甲", at_ms=LATER_MS,
        statement_id=f"notice/{number}",
    )  # fmt: skip
    yield AssessmentRow(
        year=2024 + number // 2, number=number % 2, body="{}", sha256=_DIGEST, assessed_ms=LATER_MS
    )
    yield NameReviewRow(
        kind="herb", written=f"某药{number}", source="fair", nearest="白芍", first_ms=LATER_MS
    )
    yield AliasRow(
        kind="herb", written=f"芍药{number}", meant="白芍", decided_by="甲", reason="俗名", since_ms=LATER_MS
    )
    yield RejectedRow(source="fair", rule="unlisted-herb", value=f"某药{number}", recorded_ms=LATER_MS)


def _hold(number: int) -> SQLModel:
    return HoldRow(
        hold_id=f"hold-{number}", kind="lot", target=LOT, reason="复检", role="regulator", party=REGULATOR,
        root=_DIGEST, lots=1, placed_ms=LATER_MS, statement_id=f"hold/{number}",
    )  # fmt: skip


def _recall(number: int) -> SQLModel:
    return RecallRow(
        recall_id=f"hold-{number}", recall_class=2, responsible=MAKER, advice="停用", roots='["BS-HERB"]',
        opened_ms=LATER_MS, notify_until_ms=LATER_MS,
    )  # fmt: skip


def _recall_rows(number: int) -> Iterator[SQLModel]:
    yield NoticeRow(
        notice_id=f"notice-{number}", party=MAKER, recall_id="hold-0", kind="opened", sent_ms=LATER_MS
    )
    yield DrillRow(
        drill_id=f"drill-{number}", role="regulator", roots="[]", root=_DIGEST, lots=1, packs=1, grams=1,
        holders=1, phases='{"lots":1}', drilled_ms=LATER_MS, statement_id=f"drill/{number}",
    )  # fmt: skip


def _log_keys(station: Station) -> None:
    """Two more; the log has two at a time, so that one is retired in between."""
    former = station.key.public.key_id
    add_log_key(station)
    station.settle()
    retire_log_key(station, former)
    station.settle()
    add_log_key(station)
    station.settle()


def _timestamps(session: Session) -> None:
    """One for every checkpoint there is."""
    for row in session.exec(select(CheckpointRow)).all():
        session.add(
            TimestampRow(size=row.size, answer=b"x", authority="CN=T", stated_ms=LATER_MS, asked_ms=LATER_MS)
        )
