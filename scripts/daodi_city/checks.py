"""Asks the loaded city whether the product keeps its promises, using nothing but the product.

Each check states what it found: planted faults by the finding, verdict or refusal that shows them
(`fault_checks`); what else happened by what is on record of it (`life_checks`, `price_checks`,
`forecast_checks`, `warning_checks`); the log by replaying it; packs by their story; releases by computing
them again from their bundle.
"""

from collections.abc import Iterator

import numpy as np
from sqlmodel import Session, col, select

from api.station import Station
from daodi_city.city import City
from daodi_city.fault_checks import look_for_all, try_all
from daodi_city.forecast_checks import look_at_forecasts
from daodi_city.life_checks import look_at_life
from daodi_city.outcome import Outcome, outcome
from daodi_city.price_checks import look_at_prices
from daodi_city.stories import WEEKLY
from daodi_city.town import CityClock, Town
from daodi_city.warning_checks import look_at_warnings
from ledger.audits.audit import audit
from priceindex import service
from trace.coding.code_listing import codes_of_ranges
from trace.coding.code_tables import CodeRunRow
from trace.coding.code_words import CodeStatus
from trace.story import Story, story
from trace.vocabulary import ORIGIN_STAGES, Stage

TRACED = 3
"""How many packs are traced back, drawn by the city's seed."""


def run_checks(city: City, station: Station) -> tuple[Outcome, ...]:
    """Run every check but that of the tables rebuilt; the loaded city is as it was afterwards."""
    town = Town(station=station, clock=CityClock(city.now_ms), rolls=city.rolls, boxes=city.chapters.boxes)
    with station.database.read() as session:
        outcomes = [
            *look_for_all(city, session, station),
            *look_at_life(city, session, station),
            *look_at_prices(city, session, station),
            _audited(session, station),
            *_traced(city, session, station),
            *look_at_forecasts(city, session, station),
            *look_at_warnings(city, session, station),
            *_recomputed(city, session),
        ]
    return (*try_all(city, town), *outcomes)


def _audited(session: Session, station: Station) -> Outcome:
    report = audit(session, station.vkey)
    return outcome(
        "check.audit", "figures.audit", passed=report.ok and report.entries > 0,
        entries=report.entries, root=report.root.hex()[:16], faults=len(report.faults),
    )  # fmt: skip


def _traced(city: City, session: Session, station: Station) -> Iterator[Outcome]:
    """Trace packs drawn at random back to seed, or to where nature was their sower."""
    used = select(CodeRunRow.first_serial, CodeRunRow.last_serial).where(
        CodeRunRow.status == CodeStatus.ACTIVATED, col(CodeRunRow.lot_id).is_not(None)
    )
    ranges = [(first, last) for first, last in session.execute(used)]
    codes = list(codes_of_ranges(session, ranges, station.code_keys))
    rng = np.random.default_rng([city.seed, 9])
    for place in sorted(rng.choice(len(codes), size=TRACED, replace=False).tolist()):
        yield _way_back(codes[place], story(session, codes[place], station.code_keys))


def _way_back(code: str, told: Story) -> Outcome:
    stages = {step.stage for step in told.steps}
    wanted = {Stage.SEED, Stage.PLANTING} if Stage.PLANTING in stages else ORIGIN_STAGES & stages
    first = told.steps[0] if told.steps else None
    return outcome(
        "check.trace", "figures.trace", passed=bool(wanted) and wanted <= stages and Stage.PACK in stages,
        code=code, herb=told.herb, steps=len(told.steps), lots=len(told.lots),
        stage=first.stage.words if first else "-", place=first.place.division_name if first else "-",
    )  # fmt: skip


def _recomputed(city: City, session: Session) -> Iterator[Outcome]:
    """Compute releases again from their inputs; of the weekly family the newest and one drawn by the seed."""
    every = service.releases(session)
    weekly = [release for release in every if release.family == WEEKLY]
    drawn = int(np.random.default_rng([city.seed, 10]).integers(1, len(weekly)))
    left_out = [release for place, release in enumerate(weekly) if place not in {0, drawn}]
    for release in (release for release in every if release not in left_out):
        checked = service.verify(session, release.release_id)
        yield outcome(
            "check.index", "figures.index", passed=checked.ok and checked.values_compared > 0,
            release=release.release_id, value=f"{release.headline:.2f}", compared=checked.values_compared,
            faults=len(checked.faults),
        )  # fmt: skip
