"""Whether a party's trades may feed the price index: stars and credit measures decide; every no is listed."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from sqlmodel import Session, col, select

from ledger.errors import Language
from trace.integrity.credit import CreditMeasure, punished_at
from trace.integrity.integrity_tables import ScoreRow

FEWEST_STARS: Final = 2
"""Below this a party's trades are left out of the turnover that weighs the index."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceTrust:
    """Whether trades of a party count, and why not."""

    party: str
    trusted: bool
    reason_zh: str
    reason_en: str

    def reason(self, language: Language) -> str:
        """Say why."""
        return self.reason_zh if language == "zh" else self.reason_en


def trusted_as_source(session: Session, party: str, at_ms: int) -> SourceTrust:
    """Say whether `party` (a USCC) is trusted as a source at a moment; who was never scored is.

    The score that counts is the newest stated up to that moment.
    """
    untrusted = untrusted_sources(session, {party}, at_ms)
    return untrusted[0] if untrusted else SourceTrust(party=party, trusted=True, reason_zh="", reason_en="")


def untrusted_sources(session: Session, parties: Collection[str], at_ms: int) -> list[SourceTrust]:
    """Return those of `parties` whose trades do not count, each with its reason, by USCC; two queries."""
    punished = punished_at(session, at_ms)
    newest: dict[str, ScoreRow] = {}
    for row in session.exec(
        select(ScoreRow)
        .where(col(ScoreRow.uscc).in_(parties), col(ScoreRow.scored_ms) <= at_ms)
        .order_by(col(ScoreRow.scored_ms), col(ScoreRow.period))
    ):
        newest[row.uscc] = row
    judged = (_judged(each, punished.get(each, []), newest.get(each)) for each in sorted(parties))
    return [each for each in judged if each is not None]


def _judged(party: str, against: Sequence[CreditMeasure], newest: ScoreRow | None) -> SourceTrust | None:
    """Return why a party is not trusted; None where it is."""
    if against:
        return SourceTrust(
            party=party,
            trusted=False,
            reason_zh=f"信用惩戒“{against[0].measure.zh}”期内",
            reason_en=f"under the credit measure “{against[0].measure.en}”",
        )
    if newest is not None and newest.stars < FEWEST_STARS:
        return SourceTrust(
            party=party,
            trusted=False,
            reason_zh=f"{newest.period} 诚信评级 {newest.stars} 星",
            reason_en=f"{newest.stars} star for integrity in {newest.period}",
        )
    return None
