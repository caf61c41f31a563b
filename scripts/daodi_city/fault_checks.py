"""Looks for every planted fault in the loaded city, by what the product itself says about it."""

from collections.abc import Callable, Iterator
from typing import Final

from sqlmodel import Session, select

from api.station import Station
from daodi_city.city import City
from daodi_city.faults import FaultKind, PlantedFault
from daodi_city.outcome import Outcome, outcome
from daodi_city.pen import DatedStep
from daodi_city.town import CodeRoll, Town, roll_codes
from ledger.errors import DaodiError, Language, ManyFaults
from trace.coding.code_listing import codes_of_lot
from trace.coding.trace_code import decode
from trace.corrections.correction_tables import CorrectionRow
from trace.scanning.scan_marks import scan_state
from trace.stored_findings import of_step
from trace.story import Story, Verdict, story, story_of_lot
from trace.tables import DeliveryRow, LotRow

_RULES: Final = {
    FaultKind.OVERSOLD: "balance.oversold",
    FaultKind.OVER_LIMIT: "quality.over_limit",
    FaultKind.UNTESTED: "quality.untested",
    FaultKind.LATE: "late.recorded",
    FaultKind.LICENCE_LAPSED: "licence.expired",
    FaultKind.STRAYED: "geofence.outside",
    FaultKind.TOO_WARM: "sensor.too_warm",
    FaultKind.TOO_LITTLE_WINE: "paozhi.excipient_ratio",
    FaultKind.UNTRACED: "order.untraced",
}
"""The rule whose finding shows a planted fault."""


def look_for_all(city: City, session: Session, station: Station) -> Iterator[Outcome]:
    """Look for every fault that left its trace in the city."""
    for fault in city.faults:
        if fault.kind is not FaultKind.REFUSED:
            seek = _SEEK.get(fault.kind, _found)
            yield seek(fault, city, session, station)


def _kind(fault: PlantedFault) -> Callable[[Language], str]:
    return fault.kind.words


def _step_id(fault: PlantedFault, session: Session) -> str | None:
    return session.exec(select(DeliveryRow.step_id).where(DeliveryRow.client_id == fault.step)).one_or_none()


def _found(fault: PlantedFault, _city: City, session: Session, _station: Station) -> Outcome:
    """Look for the finding kept beside the faulty step."""
    step_id = _step_id(fault, session)
    kept = of_step(session, step_id) if step_id else ()
    finding = next((each for each in kept if each.rule.code == _RULES[fault.kind]), None)
    if finding is None:
        return _nothing(fault)
    return _told(fault, fault.lot or "-", finding.rule.code, finding.message)


def _nothing(fault: PlantedFault) -> Outcome:
    return outcome("check.fault", "figures.nothing", passed=False, kind=_kind(fault), lot=fault.lot or "-")


def _told(fault: PlantedFault, what: str, rule: str, words: Callable[[Language], str]) -> Outcome:
    return outcome(
        "check.fault", "figures.finding", passed=True, kind=_kind(fault), lot=what, rule=rule, words=words
    )


def _reason(fault: PlantedFault, told: Story, rule: str) -> Outcome:
    """Look for the reason that stands under a verdict."""
    reason = next((each for each in told.reasons if each.rule == rule), None)
    if reason is None:
        return _nothing(fault)
    return _told(fault, told.code or "-", rule, {"zh": reason.zh, "en": reason.en}.__getitem__)


def _stage_missing(fault: PlantedFault, _city: City, session: Session, _station: Station) -> Outcome:
    missing = story_of_lot(session, fault.lot or "").completeness.missing

    def words(language: Language) -> str:
        return ", ".join(stage.words(language) for stage in missing) or "-"

    return outcome(
        "check.fault",
        "figures.stage",
        passed=fault.stage in missing,
        kind=_kind(fault),
        lot=fault.lot,
        missing=words,
    )


def _copied(fault: PlantedFault, _city: City, session: Session, station: Station) -> Outcome:
    code = list(codes_of_lot(session, fault.lot or "", station.code_keys))[fault.pack or 0]
    state = scan_state(session, decode(code, station.code_keys))
    doubtful = story(session, code, station.code_keys).verdict is Verdict.DOUBTFUL
    return outcome(
        "check.fault", "figures.copied", passed=state.copied and doubtful,
        kind=_kind(fault), code=code, count=state.count, cities=state.cities, devices=state.devices,
    )  # fmt: skip


def _not_activated(fault: PlantedFault, city: City, session: Session, station: Station) -> Outcome:
    return _scanned(fault, city.roll, Verdict.NOT_ACTIVATED, session, station)


def _spoiled(fault: PlantedFault, city: City, session: Session, station: Station) -> Outcome:
    """A label lost in printing must not stand on goods: whoever scans it is told so."""
    labels = city.chapters.labels
    code = roll_codes(session, labels, station.code_keys)[fault.pack or 0]
    return _reason(fault, story(session, code, station.code_keys), "code.spoiled")


def _scanned(
    fault: PlantedFault, roll: CodeRoll, wanted: Verdict, session: Session, station: Station
) -> Outcome:
    code = roll_codes(session, roll, station.code_keys)[fault.pack or 0]
    verdict = story(session, code, station.code_keys).verdict
    count = scan_state(session, decode(code, station.code_keys)).count
    return outcome(
        "check.fault", "figures.idle", passed=verdict is wanted and count > 0,
        kind=_kind(fault), code=code, count=count, verdict=verdict.words if verdict else "-",
    )  # fmt: skip


def _recalled(fault: PlantedFault, _city: City, session: Session, station: Station) -> Outcome:
    """A pack of a recalled field says so, whoever has it."""
    code = list(codes_of_lot(session, fault.lot or "", station.code_keys))[fault.pack or 0]
    told = story(session, code, station.code_keys)
    return _reason(fault, told, "recall.open") if told.verdict is Verdict.FROZEN else _nothing(fault)


def _misweighed(fault: PlantedFault, _city: City, session: Session, _station: Station) -> Outcome:
    """The wrong step is declared wrong, and the lot weighs what the one in its place says."""
    correction = session.get(CorrectionRow, _step_id(fault, session))
    lot = session.get(LotRow, fault.lot)
    if correction is None or lot is None:
        return _nothing(fault)
    return outcome(
        "check.fault",
        "figures.corrected",
        passed=lot.made_step == correction.corrective,
        kind=_kind(fault),
        lot=fault.lot,
        grams=lot.grams_in,
    )


_SEEK: Final = {
    FaultKind.COPIED: _copied,
    FaultKind.NOT_ACTIVATED: _not_activated,
    FaultKind.SPOILED: _spoiled,
    FaultKind.STAGE_MISSING: _stage_missing,
    FaultKind.RECALLED: _recalled,
    FaultKind.MISWEIGHED: _misweighed,
}
"""How a fault shows itself where no finding beside its step does."""


class _TakenBack(Exception):
    """Undoes a step that ought to have been refused, so that a check leaves nothing behind."""


def try_all(city: City, town: Town) -> Iterator[Outcome]:
    """Try every step the rules must refuse; nothing of it stays either way."""
    for attempt in city.refused:
        rules = _refusal(town, attempt)
        yield outcome(
            "check.fault", "figures.refused" if rules else "figures.accepted", passed=bool(rules),
            kind=FaultKind.REFUSED.words, step=attempt.step.id, rule=rules,
        )  # fmt: skip


def _refusal(town: Town, attempt: DatedStep) -> str:
    """Return the codes of the rules that refused the step; empty when it was accepted."""

    def work(session: Session) -> None:
        town.station.recorder.record_step(session, town.spelt(session, attempt), attempt.recorded_ms)
        raise _TakenBack

    try:
        town.write(work)
    except _TakenBack:
        return ""
    except DaodiError as error:
        faults = error.faults if isinstance(error, ManyFaults) else (error,)
        return " ".join(str(fault.parts.get("rule", fault.key())) for fault in faults)
    return ""
