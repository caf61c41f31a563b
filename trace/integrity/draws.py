"""Draws 双随机 in the log: announced with list and committed seed, made once a later root is known.

The announcement names the size of the log whose root the draw awaits, so nobody can choose among roots.
Whoever draws knows the seed but not what others will state until then; whoever runs the log knows what is
stated but not the seed. Both together could still choose: the entries between show how much of what
came in between was not theirs, and none at all is refused.
"""

from collections.abc import Iterator, Sequence
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field
from sqlmodel import Session, col, func, select

from ledger import log, store
from ledger.canonical import JsonValue
from ledger.merkle import tree_root
from ledger.tables import EntryRow, PendingRow
from ledger.tree.tiles import node_reader
from trace.declaring import Declarer
from trace.integrity.credit import punished_at
from trace.integrity.draw_chance import others_between
from trace.integrity.draw_reading import Draw, draw
from trace.integrity.drawing import Candidate, commitment, list_digest, odds, pick
from trace.integrity.integrity_errors import (
    DrawDone,
    DrawNotOpenToChance,
    DrawTooEarly,
    EmptyDraw,
    SeedDiffers,
)
from trace.integrity.integrity_tables import DrawListRow, DrawRow
from trace.integrity.regulators import require_regulator
from trace.integrity.scoring import scores_for
from trace.integrity.statement_ids import canonical_text, listed, new_id, number, text
from trace.said import Said
from trace.tables import PartyRow, insert_rows

ANNOUNCED: Final = "draw.announced"
LISTED: Final = "draw.listed"
DONE: Final = "draw.done"
MARGIN: Final = 16
"""Entries between the announcement and the root it awaits, unless more are asked for."""
_MOST_UNFINISHED: Final = 50
"""Draws an announcement names; the statement must stay small enough for the log."""
_PAGE: Final = 1_000
"""Names in one statement: about 30 bytes each."""


class DrawNew(BaseModel):
    """A draw as it is announced."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    period: str = Field(max_length=6)
    """The scores the odds come from: a year or a quarter."""
    commitment: str = Field(pattern=r"^[0-9a-f]{64}$")
    """SHA-256 of the seed (`daodi inspections seed` makes one)."""
    inspectors: tuple[Annotated[str, Field(pattern=r"^[0-9A-Za-z._-]{1,40}$")], ...] = Field(
        min_length=1, max_length=500
    )
    """The regulator's own numbers of the inspectors it draws from; no names."""
    parties: Annotated[int, Field(ge=1, le=1000, strict=True)]
    """How many parties to draw."""
    inspectors_each: Annotated[int, Field(ge=1, le=10, strict=True)] = 2
    """How many inspectors for each."""
    area: str = Field(default="", pattern=r"^(\d{2}|\d{4}|\d{6})?$")
    """Digits a party's GB/T 2260 code begins with; empty: everywhere."""
    rested_since_ms: int | None = Field(default=None, ge=0, le=2**53 - 1)
    """Leave out who was drawn since then: epoch milliseconds, UTC."""
    margin: Annotated[int, Field(ge=8, le=10_000, strict=True)] = MARGIN
    """Entries between the announcement and the root it awaits."""


def announce(session: Session, declarer: Declarer, new: DrawNew, by: str | None, at_ms: int) -> str:
    """State the list with every weight, and the seed's hash; returns the id of the draw.

    It also says which draws the same regulator announced and never made: who announces again and again
    until a draw pleases says so. Raises `NotByRegulator`, `NoScores`, `EmptyDraw`.
    """
    require_regulator(session, by, "抽取检查对象", "draw inspections")
    parties = _candidates(session, new, at_ms)
    inspectors = [Candidate(name=each, weight=1) for each in sorted(set(new.inspectors))]
    _require_enough("主体", "parties", len(parties), new.parties)
    _require_enough("检查人员", "inspectors", len(inspectors), new.inspectors_each)
    draw_id = new_id("draw", declarer.randomness)
    pages = list(_pages(parties, inspectors))
    declarer.declare(
        session,
        apply_announced,
        kind=ANNOUNCED,
        statement_id=draw_id,
        subject=draw_id,
        public={
            "by": by or "",
            "period": new.period,
            "area": new.area,
            "commitment": new.commitment,
            "list": list_digest(parties, inspectors),
            "listed": len(parties),
            "pages": len(pages),
            "parties": new.parties,
            "inspectors": new.inspectors_each,
            "beacon_size": _beacon_size(session, len(pages), new.margin),
            "unfinished": [*_unfinished(session, by or "")],
        },
        at_ms=at_ms,
        by=by,
    )
    for place, page in enumerate(pages):
        declarer.declare(
            session,
            apply_listed,
            kind=LISTED,
            statement_id=f"{draw_id}/{place}",
            subject=draw_id,
            public={"draw": draw_id, **page},
            at_ms=at_ms,
            by=by,
            refs=(draw_id,),
        )
    return draw_id


def make(session: Session, declarer: Declarer, draw_id: str, seed: bytes, by: str | None, at_ms: int) -> Draw:
    """Reveal the seed and draw; returns the draw with its picks.

    Raises `NotByRegulator`, `UnknownDraw`, `DrawDone`, `SeedDiffers`, `DrawTooEarly`, `DrawNotOpenToChance`.
    """
    require_regulator(session, by, "抽取检查对象", "draw inspections")
    announced = draw(session, draw_id)
    if announced.done_ms is not None:
        raise DrawDone(draw=draw_id)
    if commitment(seed) != announced.commitment:
        raise SeedDiffers
    root = awaited_root(session, announced.beacon_size)
    if not others_between(session, draw_id, announced.by_party, announced.beacon_size):
        raise DrawNotOpenToChance(size=announced.beacon_size)
    picks = pick(
        announced.candidates,
        announced.inspectors,
        seed,
        root,
        count=announced.parties,
        inspectors_each=announced.inspectors_each,
    )
    written: list[JsonValue] = [[each.party, list(each.inspectors)] for each in picks]
    declarer.declare(
        session,
        apply_done,
        kind=DONE,
        statement_id=f"{draw_id}/done",
        subject=draw_id,
        public={"draw": draw_id, "by": by or "", "seed": seed.hex(), "root": root.hex(), "picks": written},
        at_ms=at_ms,
        by=by,
        refs=(draw_id,),
    )
    return draw(session, draw_id)


def awaited_root(session: Session, size: int) -> bytes:
    """Return the root of the first `size` entries; raises `DrawTooEarly` until a checkpoint covers it."""
    head = log.checkpoint(session)
    if head.size < size:
        raise DrawTooEarly(size=head.size, wanted=size)
    return tree_root(size, node_reader(store.tile_reader(session)))


def apply_announced(session: Session, said: Said) -> None:
    """Write the row of a draw."""
    public = said.public
    insert_rows(
        session,
        DrawRow,
        [
            {
                "draw_id": said.statement_id,
                "by_party": text(public, "by"),
                "period": text(public, "period"),
                "commitment": text(public, "commitment"),
                "list_digest": text(public, "list"),
                "parties": number(public, "parties"),
                "inspectors": number(public, "inspectors"),
                "beacon_size": number(public, "beacon_size"),
                "announced_ms": said.at_ms,
                "seed": None,
                "root": None,
                "picks": None,
                "done_ms": None,
            }
        ],
    )


def apply_listed(session: Session, said: Said) -> None:
    """Write one page of the list."""
    kind, first = text(said.public, "kind"), number(said.public, "first")
    insert_rows(
        session,
        DrawListRow,
        (
            {
                "draw_id": text(said.public, "draw"),
                "kind": kind,
                "place": first + place,
                "name": pair[0],
                "weight": pair[1],
            }
            for place, pair in enumerate(listed(said.public, "names"))
            if isinstance(pair, list)
        ),
    )


def apply_done(session: Session, said: Said) -> None:
    """Write what was drawn."""
    row = session.get(DrawRow, text(said.public, "draw"), populate_existing=True)
    if row is None:
        raise TypeError(said.statement_id)
    row.seed, row.root = text(said.public, "seed"), text(said.public, "root")
    row.picks, row.done_ms = canonical_text(listed(said.public, "picks")), said.at_ms
    session.add(row)
    session.flush()


def _candidates(session: Session, new: DrawNew, at_ms: int) -> list[Candidate]:
    """Every scored party of the area, by USCC, that has not been drawn since `rested_since_ms`."""
    punished = punished_at(session, at_ms)
    rested = _drawn_since(session, new.rested_since_ms)
    within = set(session.exec(select(PartyRow.uscc).where(col(PartyRow.division).startswith(new.area))))
    return [
        Candidate(name=row.uscc, weight=odds(row.score, measure=row.uscc in punished))
        for row in scores_for(session, new.period)
        if row.uscc in within and row.uscc not in rested
    ]


def _drawn_since(session: Session, since_ms: int | None) -> set[str]:
    if since_ms is None:
        return set()
    done = session.exec(select(DrawRow.draw_id).where(col(DrawRow.done_ms) >= since_ms))
    return {each.party for draw_id in done.all() for each in draw(session, draw_id).picks}


def _unfinished(session: Session, by: str) -> Sequence[str]:
    """Return the latest draws of a regulator that wait for their seed, newest first."""
    return session.exec(
        select(DrawRow.draw_id)
        .where(DrawRow.by_party == by, col(DrawRow.done_ms).is_(None))
        .order_by(col(DrawRow.announced_ms).desc(), col(DrawRow.draw_id))
        .limit(_MOST_UNFINISHED)
    ).all()


def _require_enough(who_zh: str, who_en: str, there: int, wanted: int) -> None:
    if there < wanted:
        raise EmptyDraw(who_zh=who_zh, who_en=who_en, there=there, wanted=wanted)


def _beacon_size(session: Session, pages: int, margin: int) -> int:
    """The log's size with all that waits, the announcement and its pages, and the margin."""
    waiting = session.exec(select(func.count()).select_from(PendingRow)).one()
    entries = session.exec(select(func.coalesce(func.max(col(EntryRow.entry_index)), -1))).one()
    return int(entries) + 1 + int(waiting) + 1 + pages + margin


def _pages(parties: Sequence[Candidate], inspectors: Sequence[Candidate]) -> Iterator[dict[str, JsonValue]]:
    for kind, names in (("party", parties), ("inspector", inspectors)):
        for first in range(0, len(names), _PAGE):
            written: list[JsonValue] = [[each.name, each.weight] for each in names[first : first + _PAGE]]
            yield {"kind": kind, "first": first, "names": written}
