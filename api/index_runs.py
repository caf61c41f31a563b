"""The one place where herbs and traded volumes go from the trace to the price indices.

Neither package knows the other: which herbs and markets there are, which class and theme a herb is in, and
what was traded, is handed over here.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta, timezone

from sqlmodel import Session

from api.kept_runs import Asked, KeptRuns
from api.station import Station
from ledger.private.private_vault import Vault
from priceindex import book, service
from priceindex.calendar import month_of, month_start
from priceindex.engine.gathering import eligible_quotes
from priceindex.engine.weight_store import SOURCE_LIMIT, entered_sets
from priceindex.engine.weights import GradeTurnover, WeightSet
from priceindex.errors import NothingQuoted
from priceindex.families import Family, family
from priceindex.reputation.weights import weights_of
from priceindex.service import IndexRun, Release
from trace import service as trace_service
from trace.herbs import all_herbs
from trace.integrity.source_trust import SourceTrust, untrusted_sources
from trace.turnover import sellers

CHINA = timezone(timedelta(hours=8))
"""The days of quotes are Chinese calendar days; China has kept one time without summer time since 1992."""

_MONTHS = 12


def class_of() -> dict[str, str]:
    """Return the class of every herb by its Chinese name.

    >>> class_of()["白芍"]
    'root'
    """
    return {herb.name_zh: str(herb.part_class) for herb in all_herbs()}


def themes(on: date) -> dict[str, dict[str, int]]:
    """Return the herbs of each theme on a day, with the year each was listed: food and medicine.

    >>> "山药" in themes(date(2025, 1, 1))["food_medicine"], themes(date(1990, 1, 1))["food_medicine"]
    (True, {})
    """
    listed = ((herb.name_zh, herb.food_medicine_year) for herb in all_herbs())
    return {
        "food_medicine": {name: year for name, year in sorted(listed) if year is not None and year <= on.year}
    }


def compute_run(
    session: Session,
    vault: Vault,
    family_id: str,
    until: date | None,
    as_of_ms: int,
    kept: KeptRuns | None = None,
) -> IndexRun:
    """Compute a family through `until` (the newest quote's day by default) from what was known at `as_of_ms`.

    With `kept` the run before is extended where nothing of its past changed. Nothing is written. Raises
    `UnknownFamily`, `NothingQuoted` and what the computation refuses.
    """
    chosen = family(family_id, until)
    last = until or book.last_day(session, chosen, as_of_ms=as_of_ms)
    if last is None:
        raise NothingQuoted(family=chosen.id)
    asked = Asked(
        family=chosen,
        class_of=class_of(),
        until=last,
        as_of_ms=as_of_ms,
        weight_sets=weight_sets(session, vault, chosen, last, as_of_ms),
        themes=themes(last),
        source_weights=source_weights(session, chosen, last, as_of_ms),
        sets_known=lambda at_ms: weight_sets(session, vault, chosen, last, at_ms),
    )
    return (kept or KeptRuns()).compute(session, asked)


def publish_run(station: Station, family_id: str, until: date | None) -> Release:
    """Compute and publish a family under the operator's key; the sequencer logs its statement."""
    as_of_ms = station.clock()
    with station.database.read() as session:
        run = compute_run(session, station.vault, family_id, until, as_of_ms, station.kept_runs)
    return station.writer.submit(
        lambda session: service.publish(session, run, station.settings.origin, station.key, station.clock())
    )


def source_weights(
    session: Session, chosen: Family, until: date, as_of_ms: int
) -> dict[int, Mapping[str, int]]:
    """Return what each source weighs in each year: its reputation as known when the year began.

    So a source that falls into disrepute weighs less from the next year on, and no past value changes.
    """
    first = book.first_day(session, chosen, as_of_ms=as_of_ms) or until
    return {
        year: weights_of(session, _start_ms(date(year, 1, 1))) for year in range(first.year, until.year + 1)
    }


def weight_sets(
    session: Session, vault: Vault, chosen: Family, until: date, as_of_ms: int
) -> tuple[WeightSet, ...]:
    """Return the weight sets a family's rule asks for, as known then; none where shares are equal."""
    if chosen.weights.rule == "declared_equal":
        return ()
    kept = entered_sets(session, chosen.id, as_of_ms)
    return kept if chosen.weights.rule == "entered" else traded(session, vault, chosen, until, as_of_ms, kept)


def traded(
    session: Session,
    vault: Vault,
    chosen: Family,
    until: date,
    as_of_ms: int,
    kept: Sequence[WeightSet] = (),
) -> tuple[WeightSet, ...]:
    """Return what was traded, by herb and grade: in the year before the base, and before each renewal.

    Each set is of the twelve months before its month, so that nothing traded later weighs an earlier price;
    a renewal needs twelve months since the base. Sets in `kept` are frozen and stand as they were published.
    Months without a recorded trade give no set: until there is one, shares are equal. Raises `NothingQuoted`.
    """
    base = _base_month(session, chosen, until, as_of_ms)
    frozen = {one.effective: one for one in kept}
    sets: list[WeightSet] = []
    for month in range(month_of(base), month_of(until) + 1):
        effective, begins = month_start(month), month_start(month - _MONTHS)
        renewed = chosen.weights.renewed == "yearly" and month % _MONTHS == chosen.weights.month - 1
        if effective in frozen:
            sets.append(frozen[effective])
        elif effective == base or (renewed and begins >= base):
            last = effective - timedelta(days=1)
            sets.append(_traded_between(session, vault, begins, last, effective, as_of_ms))
    return tuple(one for one in sets if one.lines)


def _base_month(session: Session, chosen: Family, until: date, as_of_ms: int) -> date:
    """First day of the month a family's index begins with."""
    eligible = eligible_quotes(session, chosen, class_of(), themes(until))
    base = eligible.base_month(as_of_ms) or chosen.base.first
    if base is None:
        raise NothingQuoted(family=chosen.id)
    return base.replace(day=1)


def _traded_between(
    session: Session, vault: Vault, first: date, last: date, effective: date, as_of_ms: int
) -> WeightSet:
    """What trusted sellers sold from `first` through `last`."""
    since_ms, until_ms = _start_ms(first), _start_ms(last + timedelta(days=1))
    untrusted = untrusted_sources(session, sellers(session, since_ms, until_ms), as_of_ms)
    volumes = trace_service.turnover(
        session,
        vault,
        since_ms,
        until_ms,
        without=[each.party for each in untrusted],
        as_of_ms=as_of_ms,
    )
    return WeightSet(
        rule="turnover",
        source=source_words(untrusted),
        first=first,
        last=last,
        effective=effective,
        lines=tuple(GradeTurnover(volume.herb, volume.grade or "", volume.fen) for volume in volumes),
    )


def source_words(untrusted: Sequence[SourceTrust]) -> str:
    """Say where the turnover is from and whose trades were left out, for the release and its bundle.

    >>> source_words([])
    'trades in the log'
    """
    if not untrusted:
        return "trades in the log"
    left_out = "; ".join(f"{each.party} ({each.reason_en})" for each in untrusted)
    words = f"trades in the log, without untrusted sources: {left_out}"
    short = f"trades in the log, without {len(untrusted)} untrusted sources"
    return words if len(words) <= SOURCE_LIMIT else short


def _start_ms(day: date) -> int:
    return int(datetime.combine(day, time(), CHINA).timestamp() * 1000)
