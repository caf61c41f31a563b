"""Aliases 别名: what a name a source writes means, decided by a person with a reason, from then on.

A decision is never changed: it ends, and another begins. A listed name always means itself: nobody can
turn 白芍 into another herb by an alias.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Final, Literal, TypeAlias

from sqlalchemy import or_
from sqlmodel import Session, col, select

from ledger.errors import Location
from priceindex.errors import PartTooLong
from priceindex.intake.known_names import KnownNames, written_form
from priceindex.naming.naming_errors import AliasExists, MeaningUnknown, NameIsKnown, UnknownAlias
from priceindex.naming.naming_tables import AliasRow
from priceindex.quotes import NAME_LIMIT, is_name

Kind: TypeAlias = Literal["herb", "grade", "origin", "market"]
"""Part of a cell that a name belongs to."""
KINDS: Final[Mapping[str, Kind]] = {"herb": "herb", "grade": "grade", "origin": "origin", "market": "market"}
"""The parts by the word a person types."""
_SHIPPED: Final = Path(__file__).with_name("aliases.toml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Alias:
    """One decision about one name."""

    number: int
    """0 for an alias that ships with the program."""
    kind: str
    written: str
    meant: str | None
    """None: none of ours."""
    source: str
    """The one source whose word it is; empty: everybody's."""
    decided_by: str
    reason: str
    since_ms: int
    ended_ms: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AliasNew:
    """A decision somebody takes."""

    kind: Kind
    written: str
    meant: str | None
    source: str = ""
    reason: str
    decided_by: str


@cache
def shipped() -> tuple[Alias, ...]:
    """Return the aliases that ship with the program: spellings only, each with its reason.

    >>> {(each.kind, each.written): each.meant for each in shipped()}[("grade", "统货")]
    '统'
    """
    lines = tomllib.loads(_SHIPPED.read_text("utf-8"))["alias"]
    return tuple(
        Alias(
            number=0,
            kind=line["kind"],
            written=written_form(line["written"]),
            meant=line["meant"],
            source="",
            decided_by="daodi",
            reason=line["reason"],
            since_ms=0,
        )
        for line in lines
    )


def aliases(session: Session, at_ms: int) -> list[Alias]:
    """Return the aliases decided by people that are in force at a moment, the newest first."""
    asked = (
        select(AliasRow)
        .where(
            col(AliasRow.since_ms) <= at_ms,
            or_(col(AliasRow.ended_ms).is_(None), col(AliasRow.ended_ms) > at_ms),
        )
        .order_by(col(AliasRow.alias_id).desc())
    )
    return [_alias(row) for row in session.exec(asked)]


def known_here(session: Session, known: KnownNames, source: str, at_ms: int) -> KnownNames:
    """Return the known names with what other names mean in one source's mouth at a moment.

    What was decided for the source alone goes before what holds for everybody, that before what ships.
    """
    in_force = sorted(aliases(session, at_ms), key=lambda alias: alias.source == source)
    chosen = [*shipped(), *(alias for alias in in_force if alias.source in ("", source))]
    return replace(known, meanings={(each.kind, each.written): each.meant for each in chosen})


def decide_alias(session: Session, new: AliasNew, known: KnownNames, at_ms: int) -> Alias:
    """Decide what a name means from now on.

    Raises `NameIsKnown` for a name that is listed itself, `MeaningUnknown` for a herb or market that is
    not, `PartTooLong` for one no cell may have, and `AliasExists` where the name is decided about already.
    """
    written = written_form(new.written)
    for name in (written, new.meant or written):
        if not (name and is_name(name)):
            raise PartTooLong(
                at=Location(field="written", value=name[:NAME_LIMIT]), column="written", limit=NAME_LIMIT
            )
    _check_lists(new, written, known)
    for alias in aliases(session, at_ms):
        if (alias.kind, alias.written, alias.source) == (new.kind, written, new.source):
            raise AliasExists(name=written, meant=alias.meant or "—")
    row = AliasRow(
        kind=new.kind,
        written=written,
        meant=new.meant,
        source=new.source,
        decided_by=new.decided_by,
        reason=new.reason,
        since_ms=at_ms,
    )
    session.add(row)
    session.flush()
    return _alias(row)


def _check_lists(new: AliasNew, written: str, known: KnownNames) -> None:
    """Raise where a listed name would be redirected, or a name lead nowhere."""
    listed = {
        "herb": written in known.herbs or new.written in known.herbs,
        "market": written in known.markets,
    }
    if listed.get(new.kind, False) or new.meant == new.written:
        raise NameIsKnown(name=new.written)
    lists = {"herb": known.herbs, "market": set(known.markets.values())}
    if new.meant is not None and new.kind in lists and new.meant not in lists[new.kind]:
        raise MeaningUnknown(name=new.meant)


def end_alias(session: Session, number: int, *, ended_by: str, reason: str, at_ms: int) -> Alias:
    """End an alias; what was taken in under it stays as it is. Raises `UnknownAlias`."""
    row = session.get(AliasRow, number)
    if row is None or row.ended_ms is not None:
        raise UnknownAlias(number=number)
    row.ended_ms, row.ended_by, row.end_reason = at_ms, ended_by, reason
    session.add(row)
    session.flush()
    return _alias(row)


def _alias(row: AliasRow) -> Alias:
    return Alias(
        number=row.alias_id or 0,
        kind=row.kind,
        written=row.written,
        meant=row.meant,
        source=row.source,
        decided_by=row.decided_by,
        reason=row.reason,
        since_ms=row.since_ms,
        ended_ms=row.ended_ms,
    )


def history(session: Session, kind: str, written: str) -> Sequence[Alias]:
    """Return every decision ever taken about a name, oldest first."""
    asked = select(AliasRow).where(AliasRow.kind == kind, AliasRow.written == written_form(written))
    return [_alias(row) for row in session.exec(asked.order_by(col(AliasRow.alias_id)))]
