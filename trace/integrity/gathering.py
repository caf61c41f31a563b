"""Gathering the evidence of every party for a period: few queries for each few hundred parties."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from sqlmodel import Session, col, select

from trace.integrity.deductions import deductions
from trace.integrity.evidence import Evidence, Share, joined
from trace.integrity.goods import confirmed, lots_out, tainted
from trace.integrity.particulars import particulars
from trace.integrity.periods import Period
from trace.supervision.trade_reading import units_of
from trace.tables import PartyRow

_CHUNK: Final = 200
"""Parties gathered together: bounds memory, not the answer."""
_WEEK_MS: Final = 7 * 86_400_000


def gather(session: Session, period: Period) -> Iterator[tuple[str, str, Evidence]]:
    """Give each party registered before the period's end with its unit and the unit's evidence.

    Parties that the register of the trade joins in one unit are judged as one: splitting a firm in
    two changes nothing once the register says so.
    """
    unit_of = units_of(session, period.last)
    everyone = session.exec(
        select(PartyRow.uscc)
        .where(col(PartyRow.registered_ms) < period.until_ms)
        .order_by(col(PartyRow.uscc))
    ).all()
    units: dict[str, list[str]] = {}
    for uscc in everyone:
        units.setdefault(unit_of.get(uscc, uscc), []).append(uscc)
    for chunk in _chunks(list(units)):
        listed = [uscc for unit in chunk for uscc in units[unit]]
        found = evidence_of(session, listed, period)
        for unit in chunk:
            whole = joined(found[uscc] for uscc in units[unit])
            for uscc in units[unit]:
                yield uscc, unit, whole


def evidence_of(session: Session, parties: Sequence[str], period: Period) -> Mapping[str, Evidence]:
    """Return the evidence of each of these parties, each by itself."""
    weeks: dict[str, dict[int, int]] = {uscc: {} for uscc in parties}
    shares: dict[str, dict[str, Share]] = {
        uscc: dict(found) for uscc, found in particulars(session, parties, period).items()
    }
    amiss = tainted(session, parties, period.until_ms)
    for lot in lots_out(session, parties, period):
        week = lot.first_ms // _WEEK_MS
        weeks[lot.party][week] = weeks[lot.party].get(week, 0) + lot.grams
        judged = {
            "product": lot.graded,
            "tests": lot.passed,
            **{name: (lot.party, lot.lot) not in amiss[name] for name in _FREE_OF},
        }
        if lot.judged_whole:
            judged["completeness"] = (lot.party, lot.lot) not in amiss["completeness"]
        for name, good in judged.items():
            so_far = shares[lot.party].get(name, Share())
            shares[lot.party][name] = so_far + Share(good=lot.grams * good, whole=lot.grams)
    for shipped in confirmed(session, parties, period):
        shares[shipped.party]["business"] = Share(good=shipped.received, whole=shipped.grams)
    taken = deductions(session, parties, period)
    return {
        uscc: Evidence(weeks=weeks[uscc], shares=shares[uscc], deductions=taken.get(uscc, {}))
        for uscc in parties
    }


_FREE_OF: Final = ("timeliness", "soundness", "corrections")


def _chunks(units: Sequence[str]) -> Iterator[Sequence[str]]:
    for begin in range(0, len(units), _CHUNK):
        yield units[begin : begin + _CHUNK]
