"""Draws read back: as announced, and with what came of them."""

from dataclasses import dataclass

from sqlmodel import Session, and_, col, or_, select

from ledger.canonical import parse
from trace.integrity.drawing import Candidate, Pick
from trace.integrity.integrity_errors import UnknownDraw
from trace.integrity.integrity_tables import DrawListRow, DrawRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Draw:
    """A draw on record."""

    draw_id: str
    by_party: str
    """USCC of the regulator; empty for the operator."""
    period: str
    commitment: str
    list_digest: str
    candidates: tuple[Candidate, ...]
    inspectors: tuple[Candidate, ...]
    parties: int
    inspectors_each: int
    beacon_size: int
    announced_ms: int
    seed: str | None
    root: str | None
    picks: tuple[Pick, ...]
    done_ms: int | None


def draw(session: Session, draw_id: str) -> Draw:
    """Return a draw with its whole list; raises `UnknownDraw`."""
    row = session.get(DrawRow, draw_id, populate_existing=True)
    if row is None:
        raise UnknownDraw(draw=draw_id)
    names: dict[str, list[Candidate]] = {"party": [], "inspector": []}
    for line in session.exec(
        select(DrawListRow).where(DrawListRow.draw_id == draw_id).order_by(col(DrawListRow.place))
    ):
        names[line.kind].append(Candidate(name=line.name, weight=line.weight))
    return Draw(
        draw_id=row.draw_id,
        by_party=row.by_party,
        period=row.period,
        commitment=row.commitment,
        list_digest=row.list_digest,
        candidates=tuple(names["party"]),
        inspectors=tuple(names["inspector"]),
        parties=row.parties,
        inspectors_each=row.inspectors,
        beacon_size=row.beacon_size,
        announced_ms=row.announced_ms,
        seed=row.seed,
        root=row.root,
        picks=_picks(row.picks),
        done_ms=row.done_ms,
    )


def draw_ids(session: Session, *, limit: int = 100, after: str | None = None) -> list[str]:
    """Return the ids of the draws, the newest first.

    `after` goes on behind one of them; behind one that is not there comes nothing.
    """
    announced, named = col(DrawRow.announced_ms), col(DrawRow.draw_id)
    wanted = select(DrawRow.draw_id).order_by(announced.desc(), named).limit(limit)
    if after is not None:
        last_ms = select(DrawRow.announced_ms).where(named == after).scalar_subquery()
        wanted = wanted.where(or_(announced < last_ms, and_(announced == last_ms, named > after)))
    return list(session.exec(wanted))


def _picks(text: str | None) -> tuple[Pick, ...]:
    found = [] if text is None else parse(text.encode())
    if not isinstance(found, list):
        raise TypeError(text)
    return tuple(_pick(each) for each in found)


def _pick(pair: object) -> Pick:
    match pair:
        case [str(party), [*inspectors]]:
            return Pick(party=party, inspectors=tuple(str(each) for each in inspectors))
    raise TypeError(pair)
