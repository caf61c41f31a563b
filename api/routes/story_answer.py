"""A story as JSON: the same facts as the scan page, in the caller's language, for programs.

`daodi trace CODE --json` prints this body too, so that a page, a terminal and a program never disagree.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field

from api.routes.vocabulary import Named
from api.web.formats import local, moment_or_none
from ledger.errors import Language
from trace.completeness import Group
from trace.registers.days import day_of
from trace.story import (
    Story,
    StoryAmount,
    StoryCorrection,
    StoryErased,
    StoryFinding,
    StoryLicence,
    StoryPlace,
    StoryStep,
    StoryTest,
)


class PlaceAnswer(BaseModel):
    """A place, as coarse as the public may know."""

    place: str = Field(examples=["BZ-PLOT-07"])
    name: str
    division: str = Field(description="GB/T 2260 code.", examples=["341602"])
    division_name: str = Field(examples=["安徽省亳州市谯城区"])

    @classmethod
    def of(cls, place: StoryPlace, language: Language) -> "PlaceAnswer":
        """Return `place` with its division said in `language`."""
        return cls(
            place=place.place_id,
            name=place.name,
            division=place.division,
            division_name=place.division_name if language == "zh" else place.division_name_en,
        )


class AmountAnswer(BaseModel):
    """A lot in a step."""

    lot: str
    grams: int | None = Field(description="Grams; null where the lot has no weight yet.")

    @classmethod
    def of(cls, amount: StoryAmount) -> "AmountAnswer":
        """Return an amount."""
        return cls(lot=amount.lot, grams=amount.grams)


class FindingAnswer(BaseModel):
    """Something the rules noticed."""

    rule: str
    lot: str | None
    message: str
    remedy: str

    @classmethod
    def of(cls, finding: StoryFinding, language: Language) -> "FindingAnswer":
        """Return a finding in words."""
        chinese = language == "zh"
        return cls(
            rule=finding.rule,
            lot=finding.lot,
            message=finding.zh if chinese else finding.en,
            remedy=finding.remedy_zh if chinese else finding.remedy_en,
        )


class ResultAnswer(BaseModel):
    """One measured quantity and the limit it was held against."""

    lot: str
    measurand: str = Field(description="As the laboratory wrote it.", examples=["二氧化硫残留量"])
    name: str = Field(description="Our word for it, where we know it.")
    value: str = Field(description="A decimal, as text.", examples=["86.5"])
    unit: str = Field(examples=["mg/kg"])
    limit: str | None = Field(description="Null when no limit is known.")
    limit_source: str | None
    limit_unchecked: bool = Field(description="The limit was not read in its source.")
    within: bool | None = Field(description="Null when no limit is known.")

    @classmethod
    def of(cls, test: StoryTest, language: Language) -> "ResultAnswer":
        """Return a test result."""
        return cls(
            lot=test.lot,
            measurand=test.measurand,
            name=test.measurand_zh if language == "zh" else test.measurand_en,
            value=test.value,
            unit=test.unit,
            limit=test.limit,
            limit_source=test.limit_source,
            limit_unchecked=test.limit_recalled,
            within=test.within,
        )


class FieldAnswer(BaseModel):
    """One public field of a step."""

    name: str
    label: str
    value: str | int | bool
    unit: str
    shown: str = Field(description="The value as people read it, with its unit.")


class ErasedAnswer(BaseModel):
    """A private field whose value was erased: that, when and why, never what."""

    name: str
    label: str
    erased: datetime
    reason: str = Field(description="Slug, as the log's `redacted` statement gives it.")

    @classmethod
    def of(cls, erased: StoryErased, language: Language) -> "ErasedAnswer":
        """Return an erased field with its label in `language`."""
        return cls(
            name=erased.name,
            label=erased.label(language),
            erased=local(erased.erased_ms, 0),
            reason=erased.reason,
        )


class GroupAnswer(BaseModel):
    """One of the 16 information groups of the draft 中药材追溯信息技术规范."""

    group: str = Field(examples=["storage"])
    name: str = Field(examples=["贮藏"])
    state: Named = Field(description="present, missing, or not due yet.")
    lacking: list[Named] = Field(description="Where it is missing, the stages that would show it.")

    @classmethod
    def of(cls, group: Group, language: Language) -> "GroupAnswer":
        """Return a group in the answer's language."""
        return cls(
            group=group.key,
            name=group.zh if language == "zh" else group.en,
            state=Named.of(group.state, language),
            lacking=[Named.of(each, language) for each in group.lacking],
        )


class CorrectionAnswer(BaseModel):
    """A step was declared wrong."""

    reason: str = Field(examples=["数据有误"])
    declared: datetime
    corrective: str | None = Field(description="Id of the step in its place; null where nothing happened.")
    statement_id: str = Field(description="Statement of the correction.")

    @classmethod
    def of(cls, each: StoryCorrection, language: Language) -> "CorrectionAnswer":
        """Return a correction in words."""
        return cls(
            reason=each.reason_zh if language == "zh" else each.reason_en,
            declared=local(each.declared_ms, 0),
            corrective=each.corrective,
            statement_id=each.statement_id,
        )


class StepAnswer(BaseModel):
    """One step of the way."""

    step: str
    stage: Named
    time: datetime = Field(description="In the local offset it was noted in.")
    recorded: datetime
    recorded_late: bool = Field(
        description="Entered later 补录: over seven days after, or from before its party was registered."
    )
    party: str = Field(description="USCC of who did it.")
    party_name: str
    counterparty: str | None
    counterparty_name: str | None
    place: PlaceAnswer
    inputs: list[AmountAnswer]
    outputs: list[AmountAnswer]
    lots: list[AmountAnswer] = Field(description="Lots seen and not changed.")
    fields: list[FieldAnswer]
    erased: list[ErasedAnswer] = Field(description="Private fields whose values were erased.")
    tests: list[ResultAnswer]
    findings: list[FindingAnswer]
    statement_id: str = Field(description="Its statement in the log; GET /v1/receipts/{statement_id}.")
    index: int | None = Field(
        description="Place of its entry in the log; null while the statement waits to be integrated."
    )
    corrected: CorrectionAnswer | None = Field(
        description="Set when the step was declared wrong: it counts for nothing and is kept to be seen."
    )
    corrects: str | None = Field(description="Id of the wrong step it stands in the place of.")

    @classmethod
    def of(cls, step: StoryStep, language: Language, index: int | None) -> "StepAnswer":
        """Return a step in the answer's language."""
        return cls(
            step=step.step_id,
            stage=Named.of(step.stage, language),
            time=local(step.event_ms, step.offset_minutes),
            recorded=local(step.recorded_ms, 0),
            recorded_late=step.recorded_late,
            party=step.party,
            party_name=step.party_name,
            counterparty=step.counterparty,
            counterparty_name=step.counterparty_name,
            place=PlaceAnswer.of(step.place, language),
            inputs=[AmountAnswer.of(each) for each in step.inputs],
            outputs=[AmountAnswer.of(each) for each in step.outputs],
            lots=[AmountAnswer.of(each) for each in step.lots],
            fields=[
                FieldAnswer(
                    name=each.name,
                    label=each.label(language),
                    value=each.value,
                    unit=each.unit,
                    shown=each.shown(language),
                )
                for each in step.fields
            ],
            erased=[ErasedAnswer.of(each, language) for each in step.erased],
            tests=[ResultAnswer.of(each, language) for each in step.tests],
            findings=[FindingAnswer.of(each, language) for each in step.findings],
            statement_id=step.statement_id,
            index=index,
            corrected=None if step.corrected is None else CorrectionAnswer.of(step.corrected, language),
            corrects=step.corrects,
        )


class WayLicenceAnswer(BaseModel):
    """A licence of a firm on the way, as registered, and whether it held when the firm did something."""

    party: str = Field(description="USCC of its holder.")
    kind: Named
    number: str
    issuer: str
    valid_from: str = Field(description="First day of its validity.")
    valid_until: str | None = Field(description="Last day; null without an end.")
    withdrawn: datetime | None
    held_on: list[str] = Field(description="Ids of the holder's steps on whose day it held.")
    lapsed_on: list[str] = Field(description="Ids of the holder's steps on whose day it did not.")
    statement_id: str

    @classmethod
    def of(cls, licence: StoryLicence, language: Language) -> "WayLicenceAnswer":
        """Return a licence in the answer's language."""
        until = licence.valid_until_ms
        return cls(
            party=licence.party,
            kind=Named.of(licence.kind, language),
            number=licence.number,
            issuer=licence.issuer,
            valid_from=day_of(licence.valid_from_ms).isoformat(),
            valid_until=None if until is None else day_of(until - 1).isoformat(),
            withdrawn=moment_or_none(licence.withdrawn_ms),
            held_on=list(licence.held),
            lapsed_on=list(licence.lapsed),
            statement_id=licence.statement_id,
        )


class EdgeAnswer(BaseModel):
    """One lot went into another."""

    source: str
    target: str
    grams: int | None


class ScansAnswer(BaseModel):
    """How often the code was asked for before."""

    count: int
    first: datetime | None


class StoryAnswer(BaseModel):
    """The whole way of one pack, or of one lot, back to its seed."""

    code: str | None
    verdict: Named | None = Field(description="Null for a lot: only a code can be judged.")
    reasons: list[FindingAnswer] = Field(description="Why the verdict is not `matches`.")
    herb: str | None = Field(
        description="Null, like form and lot, while the code is not activated.", examples=["白芍"]
    )
    form: Named | None
    grade: str | None
    lot: str | None = Field(examples=["BS-24-0001"])
    pack_grams: int | None
    origins: list[PlaceAnswer]
    steps: list[StepAnswer] = Field(description="Oldest first, over all lots on the way.")
    lineage: list[EdgeAnswer]
    tests: list[ResultAnswer]
    findings: list[FindingAnswer]
    licences: list[WayLicenceAnswer] = Field(description="Of the firms on the way, firm by firm.")
    missing_stages: list[Named]
    completeness_per_mille: int | None = Field(description="Null while there is no way to judge.")
    groups: list[GroupAnswer] = Field(description="Empty while the code is not activated.")
    groups_per_mille: int | None = Field(
        description="Share of the groups due that are present; null like the completeness."
    )
    scans: ScansAnswer | None

    @classmethod
    def of(cls, story: Story, language: Language, indices: Mapping[str, int]) -> "StoryAnswer":
        """Return a story in the answer's language; `indices` holds where its statements stand in the log."""
        judged, scans, first = story.verdict, story.scans, story.scans.first_ms
        return cls(
            code=story.code,
            verdict=None if judged is None else Named.of(judged, language),
            reasons=[FindingAnswer.of(each, language) for each in story.reasons],
            herb=story.herb,
            form=None if story.form is None else Named.of(story.form, language),
            grade=story.grade,
            lot=story.lot,
            pack_grams=story.pack_grams,
            origins=[PlaceAnswer.of(each, language) for each in story.origins],
            steps=[StepAnswer.of(each, language, indices.get(each.statement_id)) for each in story.steps],
            lineage=[
                EdgeAnswer(
                    source=each.source,
                    target=each.target,
                    grams=each.grams_out if each.grams_in is None else each.grams_in,
                )
                for each in story.edges
            ],
            tests=[ResultAnswer.of(each, language) for each in story.tests],
            findings=[FindingAnswer.of(each, language) for each in story.findings],
            licences=[WayLicenceAnswer.of(each, language) for each in story.licences],
            missing_stages=[Named.of(each, language) for each in story.completeness.missing],
            completeness_per_mille=None if story.lot is None else story.completeness.per_mille,
            groups=[GroupAnswer.of(each, language) for each in story.completeness.groups],
            groups_per_mille=None if story.lot is None else story.completeness.groups_per_mille,
            scans=ScansAnswer(count=scans.count, first=None if first is None else local(first, 0))
            if story.code
            else None,
        )


def story_json(story: Story, language: Language, indices: Mapping[str, int]) -> dict[str, Any]:
    """Return the body of `GET /v1/codes/{code}` as plain JSON values."""
    return StoryAnswer.of(story, language, indices).model_dump(mode="json")
