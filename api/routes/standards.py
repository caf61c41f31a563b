"""The standards: what is known of one herb, and the methods, cuts, storage and grade words of all."""

from typing import Annotated

from fastapi import APIRouter, Path, Request, Response
from pydantic import BaseModel, Field

from api.callers import Anyone
from api.languages import language_of
from api.problems import problems
from api.routes.vocabulary import HerbAnswer, Named
from api.web.conditional import conditional_model
from ledger.errors import Language
from trace.errors import UnknownHerb
from trace.herbs import Herb, herb
from trace.limits import Limit, all_limits, former_limits
from trace.standards.grades import GradeWord, all_grade_words
from trace.standards.licence_needs import LicenceNeed, all_licence_needs
from trace.standards.paozhi_methods import (
    Cut,
    Method,
    Ratio,
    SliceForm,
    all_cuts,
    all_methods,
    slice_forms_of,
)
from trace.standards.storage_rules import StorageRule, all_storage_rules
from trace.standards.sureness import Sureness
from trace.standards.wild import protection, season
from trace.standards.yields import MOST_PER_MU, YieldBound, yield_bounds
from trace.vocabulary import Form, Stage

router = APIRouter(prefix="/v1", tags=["vocabulary"])

_DRIED = (Stage.PRIMARY_PROCESSING, Form.FRESH, Form.HERB)
_SLICED = (Stage.PAOZHI, Form.HERB, Form.SLICE)


class Fact(BaseModel):
    """How sure something is, and where it comes from."""

    confidence: Named = Field(description="source, recalled (unchecked 待核), assumption or physical.")
    source: str

    @classmethod
    def said(cls, confidence: Sureness, source: str, language: Language) -> dict[str, object]:
        """Return the members that say how sure a fact is."""
        return {"confidence": Named.of(confidence, language), "source": source}


class LimitAnswer(BaseModel):
    """One quality limit with its days."""

    measurand: str
    operator: str
    value: str | None = Field(description="Null stands for the quantification limit of the method.")
    unit: str
    regime: str = Field(description="drug or food.")
    printed_scope: str
    basis: str
    confidence: str
    valid_from: str | None
    valid_until: str | None

    @classmethod
    def of(cls, known: Limit, language: Language) -> "LimitAnswer":
        """Return a limit in the answer's language."""
        return cls(
            measurand=known.measurand.words(language),
            operator=known.operator,
            value=None if known.value is None else str(known.value),
            unit=known.unit,
            regime=known.regime,
            printed_scope=known.printed_scope,
            basis=known.basis,
            confidence=known.confidence,
            valid_from=known.valid_from.isoformat() if known.valid_from else None,
            valid_until=known.valid_until.isoformat() if known.valid_until else None,
        )


class RatioAnswer(BaseModel):
    """Kilograms of an excipient for 100 kg of clean herb; null where none is known."""

    excipient: str
    kg_low: str | None
    kg_high: str | None

    @classmethod
    def of(cls, known: Ratio) -> "RatioAnswer":
        """Return a ratio."""
        low, high = known.low, known.high
        return cls(
            excipient=known.excipient,
            kg_low=None if low is None else str(low),
            kg_high=None if high is None else str(high),
        )


class SliceFormAnswer(Fact):
    """A form the herb is processed into."""

    name: str
    method: str = Field(description="Key of the method.")
    ratio: RatioAnswer | None

    @classmethod
    def of(cls, known: SliceForm, language: Language) -> "SliceFormAnswer":
        """Return a form in the answer's language."""
        return cls.model_validate(
            {
                "name": known.name,
                "method": known.method,
                "ratio": RatioAnswer.of(known.ratio) if known.ratio else None,
                **cls.said(known.confidence, known.source, language),
            }
        )


class SeasonAnswer(Fact):
    """When it is harvested."""

    words: str
    months: list[int]


class ProtectionAnswer(Fact):
    """That its wild species are protected."""

    level: int


class YieldAnswer(BaseModel):
    """How much may come out of 1000 g."""

    stage: str
    from_form: str
    to_form: str
    low_per_mille: int | None
    high_per_mille: int | None
    confidence: Named
    reason: str

    @classmethod
    def of(
        cls, known: YieldBound, stage: Stage, forms: tuple[Form, Form], language: Language
    ) -> "YieldAnswer":
        """Return a bound in the answer's language."""
        return cls(
            stage=stage.value,
            from_form=forms[0].value,
            to_form=forms[1].value,
            low_per_mille=known.low_per_mille,
            high_per_mille=known.high_per_mille,
            confidence=Named.of(known.confidence, language),
            reason=known.reason_zh if language == "zh" else known.reason_en,
        )


class HerbStandards(BaseModel):
    """Every standard known of one herb. What no source supplies is absent."""

    herb: HerbAnswer
    limits: list[LimitAnswer] = Field(description="Of its own monograph or notice; former ones have an end.")
    slice_forms: list[SliceFormAnswer]
    season: SeasonAnswer | None
    protection: ProtectionAnswer | None
    yields: list[YieldAnswer]
    most_grams_per_mu: int | None = Field(description="Our own assumption for any herb, drawn wide.")


class MethodAnswer(Fact):
    """One way of processing."""

    key: str
    name: str
    family: str
    names: list[str] = Field(description="Phrases by which a step may name it.")
    ratio: RatioAnswer | None
    note: str

    @classmethod
    def of(cls, known: Method, language: Language) -> "MethodAnswer":
        """Return a method in the answer's language."""
        return cls.model_validate(
            {
                "key": known.key,
                "name": known.words(language),
                "family": known.family,
                "names": list(known.names),
                "ratio": RatioAnswer.of(known.ratio) if known.ratio else None,
                "note": known.note_zh if language == "zh" else known.note_en,
                **cls.said(known.confidence, known.source, language),
            }
        )


class CutAnswer(Fact):
    """A shape of cut and its thickness."""

    key: str
    name: str
    low_mm: str | None
    high_mm: str | None

    @classmethod
    def of(cls, known: Cut, language: Language) -> "CutAnswer":
        """Return a cut in the answer's language."""
        return cls.model_validate(
            {
                "key": known.key,
                "name": known.zh if language == "zh" else known.en,
                "low_mm": None if known.low_mm is None else str(known.low_mm),
                "high_mm": None if known.high_mm is None else str(known.high_mm),
                **cls.said(known.confidence, known.source, language),
            }
        )


class StorageAnswer(Fact):
    """A storage word and what it demands."""

    key: str
    name: str
    temperature_min: str | None = Field(description="Degrees Celsius.")
    temperature_max: str | None
    humidity_min: str | None = Field(description="Relative humidity in per cent.")
    humidity_max: str | None
    dark: bool

    @classmethod
    def of(cls, known: StorageRule, language: Language) -> "StorageAnswer":
        """Return a storage rule in the answer's language."""
        bounds = ("temperature_min", "temperature_max", "humidity_min", "humidity_max")
        values = {name: getattr(known, name) for name in bounds}
        return cls.model_validate(
            {
                "key": known.key,
                "name": known.zh if language == "zh" else known.en,
                "dark": known.dark,
                **{name: None if value is None else str(value) for name, value in values.items()},
                **cls.said(known.confidence, known.source, language),
            }
        )


class GradeAnswer(BaseModel):
    """One word that traded grades are made of."""

    word: str
    meaning: str
    kind: str
    source: str

    @classmethod
    def of(cls, known: GradeWord, language: Language) -> "GradeAnswer":
        """Return a grade word in the answer's language."""
        meaning = known.zh if language == "zh" else known.en
        return cls(word=known.word, meaning=meaning, kind=known.kind, source=known.source)


class NeedAnswer(Fact):
    """A stage and the licences, any of which it needs."""

    stage: Named
    forms: list[str]
    licences: list[Named]
    first_day: str | None
    last_day: str | None

    @classmethod
    def of(cls, known: LicenceNeed, language: Language) -> "NeedAnswer":
        """Return a need in the answer's language."""
        return cls.model_validate(
            {
                "stage": Named.of(known.stage, language),
                "forms": sorted(form.value for form in known.forms),
                "licences": [Named.of(kind, language) for kind in known.kinds],
                "first_day": known.first_day.isoformat() if known.first_day else None,
                "last_day": known.last_day.isoformat() if known.last_day else None,
                **cls.said(known.confidence, known.basis, language),
            }
        )


class MethodList(BaseModel):
    """The processing knowledge, as data."""

    methods: list[MethodAnswer]
    cuts: list[CutAnswer]
    storage: list[StorageAnswer]
    grade_words: list[GradeAnswer]
    licence_needs: list[NeedAnswer]


@router.get(
    "/herbs/{name}",
    summary="Show every standard of a herb",
    response_model=HerbStandards,
    responses=problems(UnknownHerb),
)
def show_herb(
    name: Annotated[str, Path(max_length=40, description="Standard Chinese name.", examples=["白芍"])],
    request: Request,
    caller: Anyone,  # noqa: ARG001  declares who may call
) -> Response:
    """Return what is known of one herb: limits, forms, season, protection, yields, each with its source."""
    return conditional_model(request, _standards(herb(name), language_of(request)))


@router.get("/methods", summary="List the 炮制 methods", response_model=MethodList, responses=problems())
def list_methods(request: Request, caller: Anyone) -> Response:  # noqa: ARG001  declares who may call
    """Return the methods, cuts, storage rules, grade words and licence needs that steps are judged by."""
    language = language_of(request)
    found = MethodList(
        methods=[MethodAnswer.of(each, language) for each in all_methods()],
        cuts=[CutAnswer.of(each, language) for each in all_cuts()],
        storage=[StorageAnswer.of(each, language) for each in all_storage_rules()],
        grade_words=[GradeAnswer.of(each, language) for each in all_grade_words()],
        licence_needs=[NeedAnswer.of(each, language) for each in all_licence_needs()],
    )
    return conditional_model(request, found)


def _standards(known: Herb, language: Language) -> HerbStandards:
    own = [limit for limit in (*all_limits(), *former_limits()) if limit.herb == known.name_zh]
    return HerbStandards(
        herb=HerbAnswer.of(known, language),
        limits=[LimitAnswer.of(limit, language) for limit in own],
        slice_forms=[SliceFormAnswer.of(form, language) for form in slice_forms_of(known.name_zh)],
        season=_season(known.name_zh, language),
        protection=_protection(known.name_zh, language),
        yields=[
            YieldAnswer.of(found, stage, (source, target), language)
            for stage, source, target in (_DRIED, _SLICED)
            if (found := yield_bounds(stage, known.name_zh, source, target)) is not None
        ],
        most_grams_per_mu=MOST_PER_MU.high_grams_per_mu,
    )


def _season(name: str, language: Language) -> SeasonAnswer | None:
    found = season(name)
    if found is None:
        return None
    return SeasonAnswer.model_validate(
        {
            "words": found.words_zh if language == "zh" else found.words_en,
            "months": sorted(found.months),
            **Fact.said(found.confidence, found.source, language),
        }
    )


def _protection(name: str, language: Language) -> ProtectionAnswer | None:
    found = protection(name)
    if found is None:
        return None
    return ProtectionAnswer.model_validate(
        {"level": found.level, **Fact.said(found.confidence, found.source, language)}
    )
