"""What a stranger asks of the firm's objects on the workbench and on account pages, page by page."""

from collections.abc import Iterator
from typing import Any

from tests.attacks.foreign_requests import Attempt
from tests.attacks.foreign_world import World
from tests.trace.season import MAKER

_STEP = {"id": "s-1", "place": "WORKS", "time": "2026-09-16T10:00", "lots.0.lot": "YP-0", "care": "通风"}
_PLACE = {"place_id": "WORKS-5", "name": "五车间", "division": "341602"}
_LICENCE = {"kind": "gsp", "number": "皖2", "issuer": "省药监局", "valid_from": "2024-01-01"}
_ORDER = {"id": "order-1", "count": "5", "level": "pack"}
_MARKS = {"status": "printed", "first": "8", "last": "9"}
_RECEIPT = {"id": "r", "place": "WORKS", "time": "2026-09-17T10:00", "do": "accept", "lot.BS-X": "yes"}
_NOTHING = (404, "")


def page_attempts(at: World) -> list[Attempt]:
    """Return the attempts on pages, in an order in which the owner can do them all."""
    return [*_of_another_party(), *_objects(at), *_account(at)]


def _of_another_party() -> Iterator[Attempt]:
    """The firm is named in the address: 403, whatever else is asked."""
    for path in ("", "/lots", "/lots.csv", "/receive", "/ship", "/labels", "/findings", "/notices",
                 "/complaints", "/licences", "/places/new"):  # fmt: skip
        yield _page("GET", path, path, {}, 200, (403, ""))
    yield _page("GET", "/steps/{name}", "/steps/storage", {}, 200, (403, ""))
    yield _page("GET", "/lots/{lot}", "/lots/YP-0", {}, 200, (403, ""))
    yield _page("POST", "/steps/{name}", "/steps/storage", _STEP, 303, (403, ""))
    yield _page("POST", "/labels", "/labels", _ORDER, 303, (403, ""))
    yield _page("POST", "/places/new", "/places/new", _PLACE, 303, (403, ""))
    yield _page("POST", "/licences", "/licences", _LICENCE, 303, (403, ""))


def _objects(at: World) -> Iterator[Attempt]:
    """The stranger is at his own workbench and names what is the firm's."""
    named = at.named
    for right, path in (
        ("/lots/{lot}", "/lots/YP-0"),
        ("/labels/{batch}", f"/labels/{named['batch']}"),
        ("/steps/{name}/recorded/{step_id}", f"/steps/paozhi/recorded/{named['step']}"),
    ):
        yield _own("GET", right, path, {}, 200)
    for right, path, typed in (
        ("/labels/{batch}/marks", f"/labels/{named['batch']}/marks", _MARKS),
        ("/notices/{notice}/read", f"/notices/{named['notice']}/read", {}),
        ("/receive/{shipped_step}", f"/receive/{named['shipped']}", _RECEIPT),
    ):
        yield _own("POST", right, path, typed, 303)
    yield _own(
        "POST", "/recalls/{recall}/acknowledge", f"/recalls/{named['recall']}/acknowledge", {}, 303, (409, "")
    )
    answer = f"/complaints/{named['complaint-2']}/answer"
    yield _own("POST", "/complaints/{complaint_id}/answer", answer, {"words": "已核实处理"}, 303, (422, ""))
    yield from _files()


def _files() -> Iterator[Attempt]:
    """Tables with rows of the firm: every row is refused on the page."""
    sheet = f"环节,主体,地点,时间,所涉批次,养护方式\nstorage,{MAKER},WORKS,2026-09-17 08:00,YP-0,通风\n"
    pasted = sheet.replace(",", "\t")
    yield Attempt(
        right="POST /workbench/upload",
        path="/workbench/upload",
        sent={"files": {"file": ("a.csv", sheet.encode())}},
        refused=(422, ""),
        done=303,
    )
    yield _own("POST", "/paste", "/paste", {"block": pasted, "id": "d-1"}, 303, (422, ""))


def _account(at: World) -> Iterator[Attempt]:
    """The stranger's own account page, with the names of the firm's session and key."""
    for right, path in (
        ("/account/keys/{prefix}/end", f"/account/keys/{at.named['prefix-2']}/end"),
        ("/account/sessions/{session_id}/end", f"/account/sessions/{at.named['session']}/end"),
    ):
        yield Attempt(right=f"POST {right}", path=path, refused=_NOTHING, done=303, by_key=False)


def _page(
    method: str, right: str, path: str, typed: dict[str, Any], done: int, refused: tuple[int, str]
) -> Attempt:
    return _own(method, right, f"{path}?party={MAKER}", typed, done, refused)


def _own(
    method: str,
    right: str,
    path: str,
    typed: dict[str, Any],
    done: int,
    refused: tuple[int, str] = _NOTHING,
) -> Attempt:
    return Attempt(
        right=f"{method} /workbench{right}",
        path=f"/workbench{path}",
        sent={"data": typed} if method == "POST" else {},
        refused=refused,
        done=done,
    )
