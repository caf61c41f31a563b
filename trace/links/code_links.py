"""Linking codes of other systems to what they name in our record: stated by who holds it, once per code.

    kind code.linked     {scheme, value, names: {lot|place|party|product|serials}, party}
    kind code.unlinked   {scheme, value, link, party, reason}

The applying functions write the same rows when the log is replayed.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from sqlalchemy import delete
from sqlmodel import Session, col, select

from ledger.canonical import JsonValue
from ledger.errors import Location
from trace.declaring import Declarer
from trace.links.link_errors import OtherCodeNamesElse, OtherCodeTaken, UnknownOtherCode
from trace.links.link_tables import OtherCodeRow
from trace.links.link_targets import LinkTarget, require_held
from trace.links.other_codes import Named, OtherCode, read_other_code
from trace.said import Applier, Said
from trace.tables import insert_rows

LINKED: Final = "code.linked"
UNLINKED: Final = "code.unlinked"
_NAMESPACE: Final = uuid.UUID("5d1c0c3e-0f5b-5b64-9a3d-2f3e4b6a7c11")
"""Our own: from it and what a link says, the id of its statement is made (RFC 9562, version 5)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkedCode:
    """A code of another system and what it names here."""

    scheme: str
    value: str
    target: LinkTarget
    party: str
    """USCC of who linked it."""
    statement_id: str
    linked_ms: int


def link_code(
    session: Session, declarer: Declarer, scheme: str, code: str, target: LinkTarget, *, by: str, at_ms: int
) -> LinkedCode:
    """State that a code of another system names `target`, as the party `by` that holds it.

    The same link again changes nothing and answers with what stands. Raises `UnreadableOtherCode`,
    `OtherCodeNamesElse`, `OtherCodeTaken`, `NotTheHolder`, `UnknownLot`, `UnknownPlace`, `UnknownParty`
    and `UnknownCode`.
    """
    read = read_other_code(scheme, code)
    _require_named(read, target)
    known = find_link(session, read)
    if known is not None:
        if known.target == target and known.party == by:
            return known
        raise _taken(known, target)
    require_held(session, target, by)
    declarer.declare(
        session,
        apply_code_linked,
        kind=LINKED,
        statement_id=_statement_id(read, target, by, at_ms),
        subject=f"links/{by}",
        public={"scheme": read.scheme, "value": read.value, "names": target.to_json(), "party": by},
        at_ms=at_ms,
        by=by,
    )
    return _stored(session, read)


def unlink_code(
    session: Session, declarer: Declarer, scheme: str, code: str, reason: str, *, by: str, at_ms: int
) -> None:
    """Withdraw a link, as the party that made it: for a slip, or a label that was never used.

    Both statements stay in the log. Raises `UnreadableOtherCode`, and `UnknownOtherCode` where this party
    linked nothing of the kind.
    """
    read = read_other_code(scheme, code)
    known = find_link(session, read)
    if known is None or known.party != by:
        raise UnknownOtherCode(value=read.value, at=Location(field="code", value=read.value))
    declarer.declare(
        session,
        apply_code_unlinked,
        kind=UNLINKED,
        statement_id=f"{known.statement_id}/end",
        subject=f"links/{by}",
        public={
            "scheme": read.scheme,
            "value": read.value,
            "link": known.statement_id,
            "party": by,
            "reason": reason,
        },
        at_ms=at_ms,
        by=by,
        refs=(known.statement_id,),
    )


def find_link(session: Session, code: OtherCode) -> LinkedCode | None:
    """Return what a code is linked to; None where it is not."""
    row = session.get(OtherCodeRow, (code.scheme, code.value))
    return None if row is None else linked_code_of(row)


def links_to(session: Session, kind: Named, target: str) -> tuple[LinkedCode, ...]:
    """Return every code linked to a lot, a place, a party or a product, in the order of their schemes."""
    wanted = select(OtherCodeRow).where(OtherCodeRow.kind == kind.value, OtherCodeRow.target == target)
    rows = session.exec(wanted.order_by(col(OtherCodeRow.scheme), col(OtherCodeRow.value)))
    return tuple(linked_code_of(row) for row in rows)


def linked_code_of(row: OtherCodeRow) -> LinkedCode:
    """Return the link a row holds."""
    return LinkedCode(
        scheme=row.scheme,
        value=row.value,
        target=LinkTarget(
            kind=Named(row.kind),
            name=row.target,
            first_serial=row.first_serial,
            last_serial=row.last_serial,
        ),
        party=row.party,
        statement_id=row.statement_id,
        linked_ms=row.linked_ms,
    )


def apply_code_linked(session: Session, said: Said) -> None:
    """Write the row of a `code.linked` statement."""
    public = said.public
    target = LinkTarget.from_json(_object(public["names"]))
    row = {
        "scheme": str(public["scheme"]),
        "value": str(public["value"]),
        "kind": target.kind.value,
        "target": target.name,
        "first_serial": target.first_serial,
        "last_serial": target.last_serial,
        "party": str(public["party"]),
        "statement_id": said.statement_id,
        "linked_ms": said.at_ms,
    }
    insert_rows(session, OtherCodeRow, [row])


def apply_code_unlinked(session: Session, said: Said) -> None:
    """Take away the row of the link that a `code.unlinked` statement ends."""
    session.execute(
        delete(OtherCodeRow).where(col(OtherCodeRow.statement_id) == str(said.public["link"])),
        execution_options={"synchronize_session": "fetch"},
    )


LINK_APPLIERS: Final[Mapping[str, Applier]] = {LINKED: apply_code_linked, UNLINKED: apply_code_unlinked}
"""By kind of statement: what a rebuild replays them with."""


def _require_named(code: OtherCode, target: LinkTarget) -> None:
    if target.kind in code.names:
        return
    raise OtherCodeNamesElse(
        value=code.value,
        named_zh="、".join(each.zh for each in sorted(code.names)) or "本平台不登记的对象",
        named_en=" or ".join(each.en for each in sorted(code.names)) or "nothing that is kept here",
        target_zh=target.kind.zh,
        target_en=target.kind.en,
        at=Location(field="code", value=code.value),
    )


def _taken(known: LinkedCode, wanted: LinkTarget) -> OtherCodeTaken:
    day = datetime.fromtimestamp(known.linked_ms / 1000, UTC).date().isoformat()
    return OtherCodeTaken(
        value=known.value,
        day=day,
        target=known.target.name,
        wanted=wanted.name,
        at=Location(field="code", value=known.value),
    )


def _statement_id(code: OtherCode, target: LinkTarget, by: str, at_ms: int) -> str:
    said = "\n".join((code.scheme, code.value, target.kind.value, target.name, by, str(at_ms)))
    return f"code-link/{uuid.uuid5(_NAMESPACE, said)}"


def _stored(session: Session, code: OtherCode) -> LinkedCode:
    row = session.get_one(OtherCodeRow, (code.scheme, code.value))
    return linked_code_of(row)


def _object(value: JsonValue) -> Mapping[str, JsonValue]:
    if not isinstance(value, Mapping):
        raise TypeError(type(value))
    return value
