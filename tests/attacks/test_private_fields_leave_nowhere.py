"""Somebody without a token asks all that can be asked, to find what the profiles keep from the public."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import product
from urllib.parse import quote

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute, iter_route_contexts
from sqlmodel import Session
from starlette.testclient import TestClient

from api.station import Station
from tests.api.conftest import NOW_MS
from tests.trace import canaries
from tests.trace.season import GROWER, MAKER, PLACES, register_all
from trace.coding.code_words import Level
from trace.places import PlaceNew
from trace.profiles import Kind
from trace.registers.register_words import StaffRole
from trace.registers.staff import StaffNew, register_staff
from trace.steps import StepNew
from trace.story_parts import StoryField
from trace.vocabulary import Stage

ADDRESS, NAME, CERTIFICATE = (f"{canaries.MARK}-{part}" for part in ("address", "staff", "certificate"))
WORDS, CONTACT = f"{canaries.MARK} words of a complaint", f"{canaries.MARK}-contact"
QUERIES = ("", "?lang=en", "?lang=zh&view=elder", "?as=csv", "?as=file", "?as=text", "?direction=forward")
DRAWN = "/v1/printed-proofs/"
"""One of these tells what all of them would: the receipt, drawn."""
LOTS = ("YP", "ME", "DR", "PL", "SD", "RE", "GA", "MI", "OP", "GR", "ZY")


@dataclass(frozen=True, slots=True)
class Planted:
    """What is on record, by the names that stand in addresses."""

    client: TestClient
    named: dict[str, tuple[str, ...]]


@pytest.fixture
def planted(client: TestClient, station: Station) -> Planted:
    """Every stage recorded with its hidden fields filled, and people, addresses and a complaint besides."""
    statements, codes = _recorded(station)
    station.writer.submit(lambda session: _people(session, station))
    filed = client.post(
        "/v1/complaints",
        json={"category": "quality", "words": WORDS, "code": codes[5], "contact": CONTACT},
    )
    assert filed.status_code == 201, filed.text
    station.settle()
    size = int(client.get("/log/checkpoint").text.splitlines()[1])
    named = {
        "code": tuple(codes[:6]),
        "lot": LOTS,
        "statement_id": statements,
        "event": statements,
        "uscc": (GROWER, MAKER),
        "place_id": tuple(PLACES),
        "complaint_id": (filed.json()["complaint"],),
        "path": (f"entries/000.p/{size}", f"0/000.p/{size}"),
        "subject": tuple(f"lot/{lot}" for lot in LOTS),
        "stage": tuple(Stage),
        "name": ("seed", "白芍"),
    }
    return Planted(client, named)


def _recorded(station: Station) -> tuple[tuple[str, ...], tuple[str, ...]]:
    statements: list[str] = []
    codes: list[str] = []

    def record(session: Session, steps: Iterable[tuple[StepNew, int]]) -> None:
        for new, at_ms in steps:
            done = station.recorder.record_step(session, new, at_ms)
            statements.append(done.statement_id)
            codes.extend(done.codes)

    def work(session: Session) -> None:
        by = station.recorder
        register_all(session, by)
        record(session, canaries.grown())
        record(session, canaries.made())
        boxes = by.issue_codes(session, MAKER, 1, NOW_MS, Level.BOX)
        record(session, canaries.sold(tuple(codes), by.issuer.codes(boxes)[0]))

    station.writer.submit(work)
    return tuple(statements), tuple(codes)


def _people(session: Session, station: Station) -> None:
    place = PlaceNew(place_id="HIDDEN", name="隐蔽地块", party=GROWER, division="341602", address=ADDRESS)
    station.recorder.register_place(session, place, NOW_MS)
    staff = StaffNew(
        staff="QA-01",
        role=StaffRole.QA,
        name=NAME,
        certificate_number=CERTIFICATE,
        valid_from=date(2020, 1, 1),
    )
    register_staff(session, station.recorder.declarer, MAKER, staff, NOW_MS)


def _addresses(app: FastAPI, named: dict[str, tuple[str, ...]]) -> Iterator[str]:
    """Every address that can be got, for everything on record; what is not known by name is asked for too.

    For the first thing of its kind in every language, view and form; for the others as it comes.
    """
    for context in iter_route_contexts(app.routes):
        route = context.original_route
        if not isinstance(route, APIRoute) or "GET" not in (route.methods or ()):
            continue
        path = context.path or route.path
        parts = re.findall(r"{(\w+)(?::\w+)?}", path)
        for nth, values in enumerate(product(*(named.get(part, ("none",)) for part in parts))):
            filled = path
            for value in values:
                filled = re.sub(r"{\w+(?::\w+)?}", quote(value, safe=":/"), filled, count=1)
            if nth and path.startswith(DRAWN):
                break
            wanted = QUERIES if nth == 0 and "none" not in values else ("",)
            yield from (filled + query for query in wanted)


def _told(planted: Planted, app: FastAPI) -> dict[str, str]:
    """What is answered to the public, by address and status; each refusal is an answer too."""
    told: dict[str, str] = {}
    for address in _addresses(app, planted.named):
        answer = planted.client.get(address)
        told[f"{address} {answer.status_code}"] = answer.text
    return told


def test_every_stage_is_recorded_with_a_canary_in_every_hidden_field() -> None:
    """The season of the canaries leaves out no field: what a profile gets later is planted by itself."""
    steps = [*canaries.grown(), *canaries.made(), *canaries.sold(("A" * 20,) * 10, "B" * 20)]
    filled = {(new.stage, name) for new, _ in steps for name in new.fields}
    hidden = {(stage, field.name) for stage, field in canaries.hidden_fields()}
    assert hidden <= filled
    assert {new.stage for new, _ in steps} == set(Stage)
    assert len(hidden) > 60


def test_no_canary_leaves_by_anything_that_can_be_asked(planted: Planted, app: FastAPI) -> None:
    told = _told(planted, app)
    _tells_of_the_steps(told, planted)
    for stage, field in canaries.hidden_fields():
        about = {
            address: said
            for address, said in told.items()
            if field.kind is not Kind.CHOICE or _tells(address)
        }
        for betrayal in canaries.betrayals(stage, field):
            assert [address for address, said in about.items() if betrayal in said] == [], (stage, field.name)
    for hidden in (canaries.MARK, ADDRESS, NAME, CERTIFICATE, WORDS, CONTACT):
        assert [address for address, said in told.items() if hidden in said] == []


def _tells(address: str) -> bool:
    """Whether an answer is about steps, not about what a stage may hold (whose words anybody may know)."""
    return not address.startswith(("/stages", "/v1/stages", "/api-docs"))


def _tells_of_the_steps(told: dict[str, str], planted: Planted) -> None:
    """The search proves something only where the steps themselves are told."""
    code, (first, *_) = planted.named["code"][0], planted.named["statement_id"]
    for view in ("", "?lang=en", "?lang=zh&view=elder"):
        assert told[f"/s/{code}{view} 200"].count("<li") > len(Stage) // 2
    for address in (
        f"/v1/codes/{code}", "/v1/lots/YP", "/v1/lots/YP/lineage", "/lots/YP", f"/v1/evidence/{code}",
        f"/v1/receipts/{first}", f"/v1/events/{first}", f"/v1/parties/{MAKER}",
    ):  # fmt: skip
        assert f"{address} 200" in told, address
    events = [address for address in told if address.startswith("/v1/events/") and address.endswith(" 200")]
    assert len(events) >= len(planted.named["statement_id"])
    assert any(address.startswith("/log/tile/entries/") and address.endswith(" 200") for address in told)


def test_the_search_would_find_a_value_that_slipped_among_the_public_ones(
    planted: Planted, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage, field = canaries.hidden_fields()[0]
    slipped = str(canaries.canary(stage, field))
    told = StoryField(
        name=field.name, zh=field.zh, en=field.en, value=slipped, unit="", shown_zh=slipped, shown_en=slipped
    )
    monkeypatch.setattr("trace.story.story_fields", lambda *_: (told,))
    code = planted.named["code"][5]
    for address in (f"/s/{code}", f"/s/{code}?lang=en&view=elder", f"/v1/codes/{code}"):
        assert slipped in planted.client.get(address).text
