"""Asks the loaded city whether the product keeps its promises, using nothing but the product.

Each check states what it found: planted faults by the finding, scan state or refusal that shows them;
the log by replaying it; packs by their story; releases by computing them again from their bundle.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from sqlmodel import Session, col, select

from api.station import Station
from daodi_city.city import City
from daodi_city.faults import FaultKind, PlantedFault
from daodi_city.load import codes_of, roll_codes
from daodi_city.pen import DatedStep
from daodi_city.words import say
from ledger.audits.audit import audit
from ledger.errors import DaodiError, Language, ManyFaults
from priceindex import service
from trace.scans import scan_state
from trace.stored_findings import of_step
from trace.story import Story, Verdict, story, story_of_lot
from trace.tables import CodeRow, StepRow
from trace.vocabulary import ORIGIN_STAGES, Stage

TRACED = 3
"""How many packs are traced back, drawn by the city's seed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What one check found."""

    name: Callable[[Language], str]
    figures: Callable[[Language], str]
    passed: bool


def run_checks(city: City, station: Station) -> tuple[Outcome, ...]:
    """Run every check; the loaded city is as it was afterwards."""
    with station.database.read() as session:
        outcomes = [
            *(
                _look_for(fault, city, session, station)
                for fault in city.faults
                if fault.kind is not FaultKind.REFUSED
            ),
            _audited(session, station),
            *_traced(city, session, station),
            *_recomputed(session),
        ]
    return (*_tried(city, station), *outcomes)


def _outcome(name: str, figures: str, *, passed: bool, **parts: object) -> Outcome:
    """State an outcome by phrase keys; a part that is a callable is asked for its words in the language."""

    def told(key: str, language: Language) -> str:
        words = {part: value(language) if callable(value) else value for part, value in parts.items()}
        return say(key, language, **words)

    return Outcome(
        name=lambda language: told(name, language),
        figures=lambda language: told(figures, language),
        passed=passed,
    )


def _look_for(fault: PlantedFault, city: City, session: Session, station: Station) -> Outcome:
    seek = {
        FaultKind.COPIED: _copied,
        FaultKind.NOT_ACTIVATED: _not_activated,
        FaultKind.STAGE_MISSING: _stage_missing,
    }.get(fault.kind, _found)
    return seek(fault, city, session, station)


def _kind(fault: PlantedFault) -> Callable[[Language], str]:
    return fault.kind.words


_RULES = {
    FaultKind.OVERSOLD: "balance.oversold",
    FaultKind.OVER_LIMIT: "quality.over_limit",
    FaultKind.UNTESTED: "quality.untested",
    FaultKind.LATE: "late.recorded",
}
"""The rule whose finding shows a planted fault."""


def _found(fault: PlantedFault, _city: City, session: Session, _station: Station) -> Outcome:
    """Look for the finding kept beside the faulty step."""
    step_id = session.exec(select(StepRow.step_id).where(StepRow.client_id == fault.step)).one_or_none()
    kept = of_step(session, step_id) if step_id else ()
    finding = next((each for each in kept if each.rule.code == _RULES[fault.kind]), None)
    if finding is None:
        return _outcome("check.fault", "figures.nothing", passed=False, kind=_kind(fault), lot=fault.lot)
    return _outcome(
        "check.fault",
        "figures.finding",
        passed=True,
        kind=_kind(fault),
        lot=fault.lot,
        rule=finding.rule.code,
        words=finding.message,
    )


def _stage_missing(fault: PlantedFault, _city: City, session: Session, _station: Station) -> Outcome:
    missing = story_of_lot(session, fault.lot or "").completeness.missing

    def words(language: Language) -> str:
        return ", ".join(stage.words(language) for stage in missing) or "-"

    return _outcome(
        "check.fault",
        "figures.stage",
        passed=fault.stage in missing,
        kind=_kind(fault),
        lot=fault.lot,
        missing=words,
    )


def _copied(fault: PlantedFault, _city: City, session: Session, station: Station) -> Outcome:
    code = codes_of(session, fault.lot or "")[fault.pack or 0]
    state = scan_state(session, code)
    doubtful = story(session, code, station.code_keys).verdict is Verdict.DOUBTFUL
    return _outcome(
        "check.fault", "figures.copied", passed=state.copied and doubtful,
        kind=_kind(fault), code=code, count=state.count, cities=state.cities, devices=state.devices,
    )  # fmt: skip


def _not_activated(fault: PlantedFault, city: City, session: Session, station: Station) -> Outcome:
    code = roll_codes(session, city)[fault.pack or 0]
    verdict = story(session, code, station.code_keys).verdict
    count = scan_state(session, code).count
    return _outcome(
        "check.fault", "figures.idle", passed=verdict is Verdict.NOT_ACTIVATED and count > 0,
        kind=_kind(fault), code=code, count=count, verdict=verdict.words if verdict else "-",
    )  # fmt: skip


class _TakenBack(Exception):
    """Undoes a step that ought to have been refused, so that a check leaves nothing behind."""


def _tried(city: City, station: Station) -> Iterator[Outcome]:
    """Try every step the rules must refuse; nothing of it stays either way."""
    for attempt in city.seasons.refused:
        rules = _refusal(station, attempt)
        yield _outcome(
            "check.fault", "figures.refused" if rules else "figures.accepted", passed=bool(rules),
            kind=FaultKind.REFUSED.words, step=attempt.step.id, rule=rules,
        )  # fmt: skip


def _refusal(station: Station, attempt: DatedStep) -> str:
    """Return the codes of the rules that refused the step; empty when it was accepted."""

    def work(session: Session) -> None:
        station.recorder.record_step(session, attempt.step, attempt.recorded_ms)
        raise _TakenBack

    try:
        station.writer.submit(work)
    except _TakenBack:
        return ""
    except DaodiError as error:
        faults = error.faults if isinstance(error, ManyFaults) else (error,)
        return " ".join(str(fault.parts.get("rule", fault.key())) for fault in faults)
    return ""


def _audited(session: Session, station: Station) -> Outcome:
    report = audit(session, station.vkey)
    return _outcome(
        "check.audit", "figures.audit", passed=report.ok and report.entries > 0,
        entries=report.entries, root=report.root.hex()[:16], faults=len(report.faults),
    )  # fmt: skip


def _traced(city: City, session: Session, station: Station) -> Iterator[Outcome]:
    """Trace packs drawn at random back to seed, or to where nature was their sower."""
    codes = list(
        session.exec(select(CodeRow.code).where(CodeRow.status == "activated").order_by(col(CodeRow.serial)))
    )
    rng = np.random.default_rng([city.seed, 9])
    for place in sorted(rng.choice(len(codes), size=TRACED, replace=False).tolist()):
        yield _way_back(codes[place], story(session, codes[place], station.code_keys))


def _way_back(code: str, told: Story) -> Outcome:
    stages = {step.stage for step in told.steps}
    wanted = {Stage.SEED, Stage.PLANTING} if Stage.PLANTING in stages else ORIGIN_STAGES & stages
    first = told.steps[0] if told.steps else None
    return _outcome(
        "check.trace", "figures.trace", passed=bool(wanted) and wanted <= stages and Stage.PACK in stages,
        code=code, herb=told.herb, steps=len(told.steps), lots=len(told.lots),
        stage=first.stage.words if first else "-", place=first.place.division_name if first else "-",
    )  # fmt: skip


def _recomputed(session: Session) -> Iterator[Outcome]:
    """Compute every release again from the inputs it committed to."""
    for release in service.releases(session):
        checked = service.verify(session, release.release_id)
        yield _outcome(
            "check.index", "figures.index", passed=checked.ok and checked.values_compared > 0,
            release=release.release_id, value=f"{release.headline:.2f}", compared=checked.values_compared,
            faults=len(checked.faults),
        )  # fmt: skip
