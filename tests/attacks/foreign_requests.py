"""What a stranger asks of the firm's objects over the API, route by route, and how each is refused.

Every request is one that the firm itself would be granted: `done` is the status it then gets.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from ledger.entry import Statement
from ledger.keyring.key_statements import revocation, rotation
from ledger.keyring.registration import registration
from tests.attacks.foreign_world import LATER_MS, NEXT, OWN, THIRD, World, sent_by
from tests.trace.files import PDF
from tests.trace.season import COOP, GROWER, MAKER, NAMES, PHARMACY

RING = [["115.78", "33.84"], ["115.79", "33.84"], ["115.79", "33.85"], ["115.78", "33.84"]]
NOT_YOURS = (403, "not-your-party")


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One request that names an object of the firm."""

    right: str
    """As docs/rights.md writes the operation."""
    path: str
    sent: dict[str, Any] = field(default_factory=dict)
    """What the client is told to send."""
    refused: tuple[int, str] = NOT_YOURS
    """Status, and the problem's slug, for a stranger."""
    done: int | None = 201
    """Status for the owner. None: the same route with the owner's name in it is proved beside it."""
    whose: str = "maker"
    stranger: str = "coop"
    by_key: bool = True
    """Whether a key opens it too."""
    by_session: bool = True


def api_attempts(at: World) -> list[Attempt]:
    """Return the attempts on the API, in an order in which the owner can do them all."""
    return [*_codes(at), *_papers(at), *_goods(at), *_steps(at), *_registers(), *_doors(at), *_endings()]


def _codes(at: World) -> Iterator[Attempt]:
    batch, codes = at.named["batch"], at.codes
    unknown = (404, "unknown-code-batch")
    yield Attempt(right="GET /v1/code-batches", path=f"/v1/code-batches?party={MAKER}", done=200)
    for part in ("", "/codes", "/labels.csv", "/labels.svg"):
        yield Attempt(
            right=f"GET /v1/code-batches/{{batch}}{part}",
            path=f"/v1/code-batches/{batch}{part}" + ("?lot=YP-0" if "labels" in part else ""),
            refused=unknown,
            done=200,
        )
    yield Attempt(
        right="GET /v1/code-batches/{batch}/labels.pdf",
        path=f"/v1/code-batches/{batch}/labels.pdf?pins=true",
        refused=unknown,
        done=200,
    )
    yield Attempt(right="POST /v1/codes", path="/v1/codes", sent={"json": {"party": MAKER, "count": 5}})
    for place, status in enumerate(("printed", "spoiled", "retired")):
        named, path = {"codes": [codes[place]]}, f"/v1/codes/{status}"
        yield Attempt(right=f"POST {path}", path=path, sent={"json": {"party": MAKER, **named}})
        yield Attempt(
            right=f"POST {path}",
            path=path,
            sent={"json": {"party": COOP, **named}},
            refused=(403, "codes-not-yours"),
            done=None,
        )


def _papers(at: World) -> Iterator[Attempt]:
    said = {"party": MAKER, "kind": "test_report", "title": "检验报告", "lots": "YP-0"}
    file = {"file": ("a", PDF + b"\n", "application/pdf")}
    yield Attempt(right="POST /v1/documents", path="/v1/documents", sent={"data": said, "files": file})
    erased = {"statement_id": at.named["document"], "reason": "subject-request"}
    yield Attempt(right="POST /v1/documents/erasures", path="/v1/documents/erasures", sent={"json": erased})
    yield Attempt(
        right="POST /v1/complaints/{complaint_id}/answer",
        path=f"/v1/complaints/{at.named['complaint']}/answer",
        refused=(404, "unknown-complaint"),
        sent={"json": {"words": "已核实处理"}},
    )
    yield Attempt(
        right="POST /v1/credit-measures/{measure}/repair-request",
        path=f"/v1/credit-measures/{at.named['measure']}/repair-request",
        refused=(404, "unknown-measure"),
        sent={"json": {"evidence": "sha256:" + "0" * 64}},
    )
    link = {"scheme": "gs1", "code": "(01)09520123456788(10)YP-LINK", "lot": "YP-LINK"}
    for party, refused, done in ((MAKER, NOT_YOURS, 201), (COOP, (409, "not-the-holder"), None)):
        yield Attempt(
            right="POST /v1/links",
            path="/v1/links",
            sent={"json": {"party": party, "links": [link]}},
            refused=refused,
            done=done,
        )
        drawn = {"party": party, "scheme": "gs1", "code": "(01)09520123456788(10)YP-0", "reason": "误录"}
        yield Attempt(
            right="POST /v1/links/withdrawals",
            path="/v1/links/withdrawals",
            sent={"json": drawn},
            refused=NOT_YOURS if done else (404, "unknown-other-code"),
            done=done and 204,
        )


def _goods(at: World) -> Iterator[Attempt]:
    goods, lifting = (403, "not-your-goods"), (403, "not-yours-to-lift")
    held = {"kind": "lot", "target": "YP-HOLD", "reason": "待复检"}
    yield Attempt(right="POST /v1/holds", path="/v1/holds", sent={"json": held}, refused=goods)
    yield Attempt(
        right="POST /v1/holds/{hold}/lift-requests",
        path=f"/v1/holds/{at.named['hold']}/lift-requests",
        sent={"json": {"reason": "复检合格"}},
        refused=lifting,
    )
    yield Attempt(
        right="POST /v1/holds/{hold}/lifts", path=f"/v1/holds/{at.named['asked']}/lifts", refused=lifting
    )
    yield Attempt(right="GET /v1/notices", path=f"/v1/notices?party={MAKER}", done=200)
    yield Attempt(
        right="POST /v1/notices/{notice}/readings",
        path=f"/v1/notices/{at.named['notice']}/readings",
        refused=(404, "unknown-notice"),
    )
    recalled = {"lots": ["YP-RECALL"], "class": 2, "reason": "含量偏低"}
    yield Attempt(right="POST /v1/recalls", path="/v1/recalls", sent={"json": recalled}, refused=goods)
    stem, right = f"/v1/recalls/{at.named['recall']}", "POST /v1/recalls/{recall}"
    report = {"state": "completed", "report": "已全部收回"}
    yield Attempt(
        right=f"{right}/acknowledgements",
        path=f"{stem}/acknowledgements",
        refused=(409, "not-arecall-holder"),
    )
    yield Attempt(right=f"{right}/reminders", path=f"{stem}/reminders", refused=lifting)
    yield Attempt(
        right=f"{right}/closing-requests",
        path=f"{stem}/closing-requests",
        sent={"json": report},
        refused=lifting,
    )
    yield Attempt(
        right=f"{right}/closings", path=f"/v1/recalls/{at.named['closing']}/closings", refused=lifting
    )
    yield Attempt(
        right="POST /v1/drills", path="/v1/drills", sent={"json": {"lots": ["YP-0"]}}, refused=goods
    )


def _steps(at: World) -> Iterator[Attempt]:
    kept = {"stage": "storage", "time": "2026-09-15T10:00:00+08:00", "lots": [{"lot": "YP-0"}]}
    kept |= {"fields": {"care": "通风"}}
    for party, place, refused, done in (
        (MAKER, "WORKS", NOT_YOURS, 202),
        (COOP, "PLOT-D", (409, "rule-refused"), None),
        (COOP, "WORKS", (409, "rule-refused"), None),
    ):
        new = {**kept, "party": party, "place": place}
        yield Attempt(
            right="POST /v1/steps", path="/v1/steps", sent={"json": new}, refused=refused, done=done
        )
    sheet = (
        f"环节,主体,地点,时间,所涉批次,养护方式\nstorage,{MAKER},WORKS,2026-09-16 12:00,YP-0,通风\n".encode()
    )
    place = (
        f"<地点登记><主体>{MAKER}</主体><地点编号>M-1</地点编号><名称>车间</名称>"
        "<地区编码>341602</地区编码></地点登记>"
    )
    message = f'<?xml version="1.0" encoding="UTF-8"?><追溯数据 版本="1">{place}</追溯数据>'.encode()
    for kind, name, content in (("steps", "a.csv", sheet), ("mofcom", "a.xml", message)):
        path = f"/v1/imports/{kind}"
        yield Attempt(
            right=f"POST {path}",
            path=path,
            sent={"files": {"file": (name, content)}},
            refused=(422, "many-faults"),
        )
    yield Attempt(
        right="POST /v1/steps/{step}/corrections",
        path=f"/v1/steps/{at.named['step']}/corrections",
        sent={"json": {"reason": "did_not_occur"}},
    )
    yield Attempt(right="POST /v1/lots/{lot}/standings", path="/v1/lots/YP-0/standings")
    yield Attempt(
        right="GET /v1/statements/{statement_id:path}/disclosures",
        path=f"/v1/statements/{at.named['statement']}/disclosures",
        done=200,
    )
    yield Attempt(
        right="POST /v1/statements/{statement_id:path}/redactions",
        path=f"/v1/statements/{at.named['statement']}/redactions",
        sent={"json": {"names": ["technician"], "reason": "subject-request"}},
    )
    yield from _signed()


def _signed() -> Iterator[Attempt]:
    """Sound statements under the firm's own key, handed in by a stranger; no cookie opens this door."""
    for right, count in (("POST /v1/statements", 1), ("POST /v1/statements/batch", 2)):
        said = [sent_by(OWN, _reading(f"{count}-{each}")) for each in range(count)]
        yield Attempt(
            right=right,
            path=right.split()[1],
            sent={"json": said if count > 1 else said[0]},
            # A batch is answered line by line; that none was taken the rows tell.
            refused=NOT_YOURS if count == 1 else (200, ""),
            done=202 if count == 1 else 200,
            by_session=False,
        )


def _reading(name: str) -> Statement:
    return Statement(
        id=f"reading/{MAKER}/{name}",
        kind="reading",
        subject=f"reading/{MAKER}/cellar",
        at_ms=LATER_MS,
        public={"quantity": "temperature", "value": "4.5", "unit": "Cel"},
    )


def _registers() -> Iterator[Attempt]:
    party = {"uscc": MAKER, "name": NAMES[MAKER], "node_types": ["grower"], "division": "341602"}
    yield Attempt(right="POST /v1/parties", path="/v1/parties", sent={"json": party})
    stem = f"/v1/parties/{MAKER}"
    yield Attempt(right="GET /v1/parties/{uscc}/holdings", path=f"{stem}/holdings", done=200)
    licence = {"kind": "gmp", "number": "皖1", "issuer": "省药监局", "valid_from": "2024-01-01"}
    for part, body in (
        ("changes", {"name": "亳州新饮片厂"}),
        ("licences", licence),
        ("staff", {"staff": "QA-02", "role": "qa", "name": "某", "valid_from": "2024-01-01"}),
        ("staff/departures", {"staff": "QA-01", "role": "qa"}),
    ):
        yield Attempt(right=f"POST /v1/parties/{{uscc}}/{part}", path=f"{stem}/{part}", sent={"json": body})
    place = {"place_id": "WORKS-4", "name": "四车间", "party": MAKER, "division": "341602"}
    yield Attempt(right="POST /v1/places", path="/v1/places", sent={"json": place})
    for place_id, part, body in (
        ("WORKS", "changes", {"name": "一车间"}),
        ("WORKS", "outlines", {"coordinates": [RING]}),
        ("WORKS-2", "closings", {"reason": "停产"}),
        ("WORKS-3", "transfers", {"to": COOP, "reason": "转让"}),
    ):
        yield Attempt(
            right=f"POST /v1/places/{{place_id}}/{part}",
            path=f"/v1/places/{place_id}/{part}",
            sent={"json": body},
        )


def _doors(at: World) -> Iterator[Attempt]:
    third = registration(THIRD.public, MAKER, LATER_MS)
    old, new = OWN.public.key_id, NEXT.public.key_id
    for right, path, key, made in (
        ("POST /v1/keys", "/v1/keys", THIRD, third),
        (
            "POST /v1/keys/{key_id}/rotations", f"/v1/keys/{old}/rotations", OWN,
            rotation(old, new, LATER_MS),
        ),
        (
            "POST /v1/keys/{key_id}/revocations", f"/v1/keys/{new}/revocations", NEXT,
            revocation(new, "ceased", LATER_MS),
        ),
    ):  # fmt: skip
        yield Attempt(right=right, path=path, sent={"json": sent_by(key, made)})
    yield Attempt(
        right="POST /v1/api-keys/{prefix}/revocation",
        path=f"/v1/api-keys/{at.named['prefix']}/revocation",
        refused=(404, "unknown-api-key"),
        done=204,
    )
    stem, right = f"/v1/webhooks/{at.named['endpoint']}", "/v1/webhooks/{endpoint}"
    for method, part, body, done in (
        ("GET", "", None, 200),
        ("GET", "/deliveries", None, 200),
        ("POST", "/rotations", None, 201),
        ("POST", "/tests", None, 200),
        ("POST", "/replays", {}, 202),
        ("POST", "/switches", {"enabled": False}, 200),
    ):
        yield Attempt(
            right=f"{method} {right}{part}",
            path=f"{stem}{part}",
            sent={} if body is None else {"json": body},
            refused=(404, "unknown-endpoint"),
            done=done,
        )
    yield from _sources()


def _sources() -> Iterator[Attempt]:
    """One source's collector at the quotes and feeds of another."""
    sheet = "品名,规格,产地,市场,日期,价格\n白芍,统,安徽,亳州,2025-03-01,85.00\n".encode()
    new = {"name": "fair-2", "source": "fair", "address": "https://127.0.0.1:9/b.csv"}
    for right, path, sent, done in (
        ("/v1/imports/quotes", "/v1/imports/quotes?source=fair", {"files": {"file": ("a.csv", sheet)}}, 201),
        ("/v1/feeds", "/v1/feeds", {"json": new}, 201),
        ("/v1/feeds/{feed}/polls", "/v1/feeds/fair/polls", {}, 200),
        ("/v1/feeds/{feed}/switches", "/v1/feeds/fair/switches", {"json": {"enabled": False}}, 200),
    ):
        yield Attempt(
            right=f"POST {right}",
            path=path,
            sent=sent,
            refused=(403, "not-your-source"),
            done=done,
            whose="fair",
            stranger="rival",
        )


def _endings() -> Iterator[Attempt]:
    """What ends a party for good, so at the very end."""
    body = {"reason": "歇业"}
    yield Attempt(
        right="POST /v1/parties/{uscc}/transfers",
        path=f"/v1/parties/{GROWER}/transfers",
        sent={"json": {**body, "to": MAKER}},
        whose="grower",
    )
    yield Attempt(
        right="POST /v1/parties/{uscc}/closings",
        path=f"/v1/parties/{PHARMACY}/closings",
        sent={"json": body},
        whose="pharmacy",
    )
