"""The key figures of a quarter in an area, for one look: how much is recorded, how well, what is odd."""

from dataclasses import dataclass

from sqlmodel import Session

from trace.integrity.periods import Period
from trace.supervision.coverage import coverage
from trace.supervision.late_steps import late_shares
from trace.supervision.overselling import Oversell, oversold
from trace.supervision.party_seats import Seat, seats
from trace.supervision.rates import Rate, Rates, rates
from trace.supervision.suspicious_scans import count_suspicious
from trace.supervision.usage import usage

_EVERYBODY = 1_000_000
"""More parties than a deployment has: the shares are counted, not listed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyFigures:
    """What a quarter came to in an area."""

    covered: Rate
    """Units of the register that recorded in the quarter, of those in it."""
    strangers: int
    """Parties that record and stand in no register."""
    steps: int
    """Steps recorded by units of the register."""
    rates: Rates
    oversold: int
    """Firms' goods of which more went out than came in."""
    unexplained: int
    """Those that neither earlier stock nor processing not recorded explains."""
    late: int
    missing: int
    suspicious: int
    """Codes with suspicious scans."""


def key_figures(session: Session, quarter: Period, *, area: str = "") -> KeyFigures:
    """Count a quarter's figures for the area whose GB/T 2260 codes begin with `area`."""
    cells = coverage(session, quarter, digits=2, area=area)
    short = [each for each, _ in oversold_in(session, quarter, area=area)]
    shares = late_shares(session, quarter, area=area, limit=_EVERYBODY)
    return KeyFigures(
        covered=Rate(part=sum(each.active for each in cells), whole=sum(each.registered for each in cells)),
        strangers=sum(each.strangers for each in cells),
        steps=sum(each.steps for each in usage(session, quarter, area=area)),
        rates=rates(session, quarter, area=area),
        oversold=len(short),
        unexplained=sum(each.covered is False for each in short),
        late=sum(each.late for each in shares),
        missing=sum(each.missing for each in shares),
        suspicious=count_suspicious(session, quarter.since_ms, quarter.until_ms, area=area),
    )


def oversold_in(session: Session, quarter: Period, *, area: str = "") -> list[tuple[Oversell, Seat]]:
    """List what firms of an area oversold in a quarter with who they are, by far the most first."""
    found = oversold(session, quarter.since_ms, quarter.until_ms)
    known = seats(session, (each.party for each in found))
    return [
        (each, known[each.party]) for each in found if each.party in known and known[each.party].within(area)
    ]
