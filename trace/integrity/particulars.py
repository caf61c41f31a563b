"""Particulars of a firm 企业基本信息: what the register holds of it, each of them there or not."""

from collections.abc import Mapping, Sequence

from sqlmodel import Session, col, select

from trace.integrity.evidence import Share
from trace.integrity.periods import Period
from trace.tables import PartyRow, PlaceRow

ASKED = 3
"""A seat finer than its province, a kind of node that says what it does, and a place where it works."""


def particulars(
    session: Session, parties: Sequence[str], period: Period
) -> Mapping[str, Mapping[str, Share]]:
    """Return for each of these parties how many of its particulars are registered."""
    placed = set(
        session.exec(
            select(PlaceRow.party)
            .where(col(PlaceRow.party).in_(parties), col(PlaceRow.registered_ms) < period.until_ms)
            .distinct()
        )
    )
    rows = session.exec(
        select(PartyRow.uscc, PartyRow.division, PartyRow.node_types).where(col(PartyRow.uscc).in_(parties))
    )
    return {
        uscc: {
            "firm": Share(
                good=(not division.endswith("0000")) + (node_types not in ("", "other")) + (uscc in placed),
                whole=ASKED,
            )
        }
        for uscc, division, node_types in rows
    }
