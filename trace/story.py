"""The story of a pack, told from the record: everything a scan page, `daodi trace` and the API need.

Built from public fields only: no price, person, phone number or address can reach it.
"""

import hashlib
from collections.abc import Mapping, Sequence

import orjson
from sqlmodel import Session

from ledger.canonical import JsonValue
from trace.coding.code_keys import CodeKeys
from trace.coding.code_reading import CodeState, code_state
from trace.coding.pack_finding import frozen_around, only_lot_within
from trace.completeness import Completeness
from trace.corrections.correction_words import Reason
from trace.divisions import division
from trace.errors import UnknownLot
from trace.findings import Finding
from trace.judging.order import recorded_late
from trace.lots import LotState
from trace.places import Place
from trace.recalls.hold_reading import hold_findings
from trace.results import judge_results, regime_of
from trace.scanning.scan_marks import scan_state
from trace.scanning.scans import NEVER, ScanState
from trace.steps import FieldValue, Measured
from trace.stored_findings import finding_of
from trace.story_completeness import way_completeness
from trace.story_doubts import doubts
from trace.story_fields import story_erased, story_fields
from trace.story_licences import story_licences
from trace.story_parts import (
    Story,
    StoryAmount,
    StoryCorrection,
    StoryEdge,
    StoryErased,
    StoryField,
    StoryFinding,
    StoryLicence,
    StoryLot,
    StoryPlace,
    StoryStep,
    StoryTest,
    Verdict,
)
from trace.story_reading import Link, Way, way
from trace.tables import FindingRow, StepRow
from trace.verdicts import copied, destroyed_with_lot, ended, verdict
from trace.vocabulary import ORIGIN_STAGES, Stage

__all__ = [
    "Story",
    "StoryAmount",
    "StoryCorrection",
    "StoryEdge",
    "StoryErased",
    "StoryField",
    "StoryFinding",
    "StoryLicence",
    "StoryLot",
    "StoryPlace",
    "StoryStep",
    "StoryTest",
    "Verdict",
    "story",
    "story_of_lot",
]


def story(session: Session, code: str, code_keys: CodeKeys) -> Story:
    """Tell the way of the pack that carries `code`.

    The code is checked before any query: raises `MalformedCode` or `ForgedCode`, then `UnknownCode`.
    A code that is not activated has a story without steps; that of a box is the way of the one lot in it.
    """
    row = code_state(session, code, code_keys)
    scans = scan_state(session, row.serial)
    lot = row.lot_id or only_lot_within(session, row)
    if lot is None:
        return _untold(session, row, scans)
    found = way(session, lot, row.pack_step if row.lot_id else None, row.serial)
    gone = destroyed_with_lot(row, found.lots[found.lot], found.steps)
    doubtful = [*([gone] if gone else []), *doubts(session, found)]
    holds = _holds(session, found.lots, row)
    judged = verdict(row, frozen=bool(holds), scans=scans, doubts=doubtful)
    of_code = [each for each in (ended(row), copied(scans)) if each is not None]
    reasons = [*holds, *of_code, *doubtful]
    return _told(found, reasons, scans, row, judged)


def story_of_lot(session: Session, lot: str) -> Story:
    """Tell the way of a lot; raises `UnknownLot`. It has no verdict: only a code can be judged."""
    found = way(session, lot, None)
    if lot not in found.lots:
        raise UnknownLot(lot=lot)
    return _told(found, [*_holds(session, found.lots, None), *doubts(session, found)], NEVER, None, None)


def _told(
    found: Way, reasons: Sequence[Finding], scans: ScanState, code: CodeState | None, judged: Verdict | None
) -> Story:
    lot = found.lots[found.lot]
    steps = tuple(_step(row, found) for row in found.steps)
    return Story(
        code=code.code if code else None,
        verdict=judged,
        reasons=tuple(_reason(finding) for finding in reasons),
        herb=lot.herb,
        form=lot.form,
        grade=lot.grade,
        lot=lot.lot,
        pack_grams=code.grams if code else None,
        packed_ms=next((step.event_ms for step in steps if code and step.step_id == code.pack_step), None),
        origins=_origins([step for step in steps if step.corrected is None]),
        lots=tuple(_lot(each) for each in found.lots.values()),
        steps=steps,
        edges=tuple(_edges(found)),
        tests=tuple(test for step in steps if step.corrected is None for test in step.tests),
        findings=tuple(finding for step in steps for finding in step.findings),
        completeness=way_completeness(found),
        scans=scans,
        batch=code.batch_id if code else None,
        status=code.status if code else None,
        status_ms=code.run.status_ms if code else None,
        statements=(
            *(step.statement_id for step in steps),
            *(each.statement_id for each in found.corrections.values()),
        ),
        revision=_revision(found, reasons, code, judged),
        licences=story_licences(found),
        apart=found.apart,
    )


def _untold(session: Session, code: CodeState, scans: ScanState) -> Story:
    holds = _holds(session, {}, code)
    judged = verdict(code, frozen=bool(holds), scans=scans, doubts=())
    over = ended(code)
    return Story(
        code=code.code,
        verdict=judged,
        reasons=tuple(_reason(finding) for finding in [*holds, *([over] if over else [])]),
        herb=None,
        form=None,
        grade=None,
        lot=None,
        pack_grams=None,
        packed_ms=None,
        origins=(),
        lots=(),
        steps=(),
        edges=(),
        tests=(),
        findings=(),
        completeness=Completeness(expected=(), missing=()),
        scans=scans,
        batch=code.batch_id,
        status=code.status,
        status_ms=code.run.status_ms,
        statements=(),
        revision=hashlib.sha256(repr((code.code, judged)).encode()).hexdigest()[:16],
    )


def _revision(found: Way, reasons: Sequence[Finding], code: CodeState | None, judged: Verdict | None) -> str:
    stands = (
        tuple(step.statement_id for step in found.steps),
        tuple((finding.rule.code, finding.lot, tuple(finding.parts.items())) for finding in reasons),
        tuple(row.finding_id for rows in found.findings.values() for row in rows),
        tuple(found.lots.values()),
        tuple(found.parties.values()),
        tuple(found.places.values()),
        tuple(each.statement_id for each in found.corrections.values()),
        tuple(found.licences.values()),
        (code.code, code.status, code.frozen) if code else None,
        judged,
    )
    return hashlib.sha256(repr(stands).encode()).hexdigest()[:16]


def _step(row: StepRow, found: Way) -> StoryStep:
    event = _event(row)
    stage = Stage(row.stage)
    links = found.links.get(row.step_id, ())
    fields = _fields(event)
    counterparty = found.parties.get(row.counterparty or "")
    return StoryStep(
        step_id=row.step_id,
        stage=stage,
        event_ms=row.event_ms,
        offset_minutes=row.offset_minutes,
        recorded_ms=row.recorded_ms,
        recorded_late=_entered_later(row, found),
        party=row.party,
        party_name=found.parties[row.party].name,
        counterparty=row.counterparty,
        counterparty_name=counterparty.name if counterparty else None,
        place=_place(found.places[row.place]),
        lot=_subject(links, found),
        inputs=_amounts(links, "used"),
        outputs=_amounts(links, "made"),
        lots=_amounts(links, "seen"),
        fields=story_fields(stage, fields),
        erased=story_erased(stage, found.erased.get(row.statement_id, ())),
        tests=_tests(row, event, fields, links, found) if stage is Stage.TEST else (),
        findings=tuple(_finding(each) for each in found.findings.get(row.step_id, ())),
        statement_id=row.statement_id,
        corrected=_corrected(row, found),
        corrects=row.corrects,
    )


def _corrected(row: StepRow, found: Way) -> StoryCorrection | None:
    correction = found.corrections.get(row.step_id)
    if correction is None:
        return None
    reason = Reason(correction.reason)
    return StoryCorrection(
        reason_zh=reason.zh,
        reason_en=reason.en,
        declared_ms=correction.declared_ms,
        corrective=correction.corrective,
        statement_id=correction.statement_id,
    )


def _entered_later(row: StepRow, found: Way) -> bool:
    before_us = row.event_ms < found.parties[row.party].registered_ms
    return before_us or recorded_late(row.event_ms, row.recorded_ms)


def _event(row: StepRow) -> Mapping[str, JsonValue]:
    public = orjson.loads(row.public)
    event: Mapping[str, JsonValue] = public["event"]
    return event


def _fields(event: Mapping[str, JsonValue]) -> dict[str, FieldValue]:
    fields = event.get("tcm:fields")
    if not isinstance(fields, Mapping):
        return {}
    return {name: value for name, value in fields.items() if isinstance(value, str | int)}


def _subject(links: Sequence[Link], found: Way) -> str:
    """The lot of our way that a step is told under: what it made, else what it saw or used."""
    ranked = sorted(links, key=lambda link: (link.lot not in found.lots, link.role != "made"))
    return ranked[0].lot


def _amounts(links: Sequence[Link], role: str) -> tuple[StoryAmount, ...]:
    return tuple(StoryAmount(lot=link.lot, grams=link.grams) for link in links if link.role == role)


def _tests(
    row: StepRow,
    event: Mapping[str, JsonValue],
    fields: Mapping[str, FieldValue],
    links: Sequence[Link],
    found: Way,
) -> tuple[StoryTest, ...]:
    results = [_measured(each) for each in _listed(event.get("tcm:results"))]
    regime = regime_of(fields.get("regime"))
    return tuple(
        StoryTest(
            step_id=row.step_id,
            lot=link.lot,
            measurand=judged.measured.measurand,
            measurand_zh=judged.measurand("zh"),
            measurand_en=judged.measurand("en"),
            value=judged.measured.value,
            unit=judged.measured.unit,
            method=judged.measured.method,
            limit=judged.limit_words(),
            limit_source=judged.limit.basis if judged.limit else None,
            limit_recalled=judged.limit is not None and judged.limit.confidence == "recalled",
            within=judged.within,
        )
        for link in links
        if (lot := found.lots.get(link.lot)) is not None
        for judged in judge_results(results, lot.herb, lot.form, regime)
    )


def _listed(value: JsonValue) -> Sequence[Mapping[str, JsonValue]]:
    return [each for each in value if isinstance(each, Mapping)] if isinstance(value, list) else []


def _measured(result: Mapping[str, JsonValue]) -> Measured:
    return Measured(
        measurand=str(result["measurand"]),
        value=str(result["value"]),
        unit=str(result["unit"]),
        method=str(result["method"]) or None,
    )


def _place(place: Place) -> StoryPlace:
    return StoryPlace(
        place_id=place.place_id,
        name=place.name,
        division=place.division,
        division_name=division(place.division).path_zh,
        division_name_en=division(place.division).path_en,
    )


def _lot(lot: LotState) -> StoryLot:
    return StoryLot(
        lot=lot.lot,
        herb=lot.herb,
        form=lot.form,
        grade=lot.grade,
        grams_in=lot.grams_in,
        origin_kind=lot.origin_kind,
        origin=lot.origin,
        origin_name=division(lot.origin).path_zh if lot.origin else None,
        origin_name_en=division(lot.origin).path_en if lot.origin else None,
    )


def _origins(steps: Sequence[StoryStep]) -> tuple[StoryPlace, ...]:
    return tuple(dict.fromkeys(step.place for step in steps if step.stage in ORIGIN_STAGES))


def _edges(found: Way) -> Sequence[StoryEdge]:
    return [
        StoryEdge(
            step_id=edge.step_id,
            source=edge.source,
            target=edge.target,
            grams_in=edge.grams_in,
            grams_out=edge.grams_out,
        )
        for edge in found.edges
    ]


def _holds(session: Session, lots: Mapping[str, LotState], code: CodeState | None) -> list[Finding]:
    """Holds on any lot of the way, on the code, and on what its pack stands in."""
    frozen = [lot.lot for lot in lots.values() if lot.frozen]
    if code is None:
        return hold_findings(session, frozen)
    return hold_findings(session, frozen, serials=frozen_around(session, code), code=code.code)


def _finding(row: FindingRow) -> StoryFinding:
    return _reason(finding_of(row), row.found_ms)


def _reason(finding: Finding, found_ms: int | None = None) -> StoryFinding:
    return StoryFinding(
        rule=finding.rule.code,
        lot=finding.lot,
        zh=finding.message("zh"),
        en=finding.message("en"),
        remedy_zh=finding.remedy("zh"),
        remedy_en=finding.remedy("en"),
        found_ms=found_ms,
        recall=str(finding.parts["recall"]) if finding.rule.code == "recall.open" else None,
    )
