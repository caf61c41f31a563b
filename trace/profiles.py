"""What each stage must say: its lots, its fields, and who may see them.

The fields are facts in `facts/profiles.csv`, each with the MOFCOM field, the information group of the
draft 中药材追溯信息技术规范 (16 groups), or the rule it comes from; which lots a stage takes and makes
stands here.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from typing import Final

from ledger.errors import Language
from trace.facts import rows
from trace.vocabulary import Form, Stage


class Kind(StrEnum):
    """What a field's value is."""

    TEXT = "text"
    INTEGER = "integer"
    GRAMS = "grams"
    AREA_MU = "area_mu"
    """亩, a decimal written as text: one is 1/15 hectare."""
    DATE = "date"
    CHOICE = "choice"
    FLAG = "flag"
    PRICE = "price"
    """Whole fen per kilogram."""


class Visibility(StrEnum):
    """Who may see a field. Whatever is not public enters the ledger as a salted digest only."""

    PUBLIC = "public"
    PARTNER = "partner"
    REGULATOR = "regulator"


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One of the words a choice field may hold."""

    key: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field of a stage."""

    name: str
    zh: str
    en: str
    kind: Kind
    unit: str
    required: bool
    visibility: Visibility
    source: str
    """Which published list asks for it."""
    choices: tuple[Choice, ...] = ()

    @property
    def heading(self) -> str:
        """Return the heading of its column in the template, such as "粗加工方法 method"."""
        return f"{self.zh} {self.name}"

    def label(self, language: Language) -> str:
        """Return its label."""
        return self.zh if language == "zh" else self.en


class Counterparty(StrEnum):
    """Whether a stage names the other side."""

    NONE = "none"
    OPTIONAL = "optional"
    REQUIRED = "required"


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """Which lots a stage takes and makes; each pair is the least and the most."""

    inputs: tuple[int, int] = (0, 0)
    outputs: tuple[int, int] = (0, 0)
    lots: tuple[int, int] = (0, 0)
    takes: frozenset[Form] = frozenset()
    makes: Form | None = None
    """Form of the outputs; None keeps the form of the inputs."""
    or_makes: frozenset[Form] = frozenset()
    """Other forms an output may be said to have."""
    weighs: bool = True
    """Whether every output must carry grams."""
    counterparty: Counterparty = Counterparty.NONE
    wanted_zh: str = ""
    wanted_en: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """Everything a step of one stage must carry."""

    stage: Stage
    flow: Flow
    fields: tuple[Field, ...]
    by_name: Mapping[str, Field] = field(repr=False)


_MANY: Final = 100
_WEIGHED: Final = frozenset({Form.SEED, Form.FRESH, Form.HERB, Form.SLICE})
_GROWING: Final = frozenset({Form.PLANT, Form.ANIMAL})

FLOWS: Final[Mapping[Stage, Flow]] = {
    Stage.SEED: Flow(
        outputs=(1, _MANY), makes=Form.SEED, weighs=False,
        wanted_zh="产出种子批次（药材名，重量可选）",
        wanted_en="outputs: seed lots with their herb, grams optional",
    ),
    Stage.PLANTING: Flow(
        inputs=(0, _MANY), outputs=(1, _MANY), takes=frozenset({Form.SEED}), makes=Form.PLANT, weighs=False,
        wanted_zh="投入种子批次（可无），产出在地批次",
        wanted_en="inputs: seed lots, if traced; outputs: field lots",
    ),
    Stage.REARING: Flow(
        inputs=(0, _MANY), outputs=(1, _MANY), takes=frozenset({Form.SEED, Form.ANIMAL}), makes=Form.ANIMAL,
        weighs=False,
        wanted_zh="产出养殖批次",
        wanted_en="outputs: lots of living animals",
    ),
    Stage.GATHERING: Flow(
        outputs=(1, _MANY), makes=Form.FRESH, or_makes=frozenset({Form.HERB}),
        wanted_zh="产出批次（药材名、重量）",
        wanted_en="outputs: lots with herb and grams",
    ),
    Stage.MINING: Flow(
        outputs=(1, _MANY), makes=Form.HERB,
        wanted_zh="产出批次（药材名、重量）",
        wanted_en="outputs: lots with herb and grams",
    ),
    Stage.FIELD_WORK: Flow(
        lots=(1, _MANY), takes=_GROWING,
        wanted_zh="所涉在地批次",
        wanted_en="lots: the field lots worked on",
    ),
    Stage.HARVEST: Flow(
        inputs=(1, _MANY), outputs=(1, _MANY), takes=_GROWING, makes=Form.FRESH,
        or_makes=frozenset({Form.SEED, Form.HERB}),
        wanted_zh="投入在地批次，产出鲜品批次（重量）",
        wanted_en="inputs: field lots; outputs: fresh lots with grams",
    ),
    Stage.PRIMARY_PROCESSING: Flow(
        inputs=(1, _MANY), outputs=(1, _MANY), takes=frozenset({Form.FRESH, Form.HERB}), makes=Form.HERB,
        wanted_zh="投入鲜品批次，产出药材批次（重量）",
        wanted_en="inputs: fresh lots; outputs: herb lots with grams",
    ),
    Stage.SPLIT: Flow(
        inputs=(1, 1), outputs=(1, _MANY), takes=_WEIGHED,
        wanted_zh="投入一个批次，产出一个或多个批次（重量）",
        wanted_en="one input; outputs with grams",
    ),
    Stage.MERGE: Flow(
        inputs=(2, _MANY), outputs=(1, 1), takes=_WEIGHED,
        wanted_zh="投入两个以上批次，产出一个批次（重量）",
        wanted_en="two inputs or more; one output with grams",
    ),
    Stage.TEST: Flow(
        lots=(1, _MANY), takes=frozenset(Form),
        wanted_zh="受检批次",
        wanted_en="lots: the lots tested",
    ),
    Stage.PAOZHI: Flow(
        inputs=(1, _MANY), outputs=(1, _MANY), takes=frozenset({Form.FRESH, Form.HERB, Form.SLICE}),
        makes=Form.SLICE, wanted_zh="投入药材批次，产出饮片批次（重量）",
        wanted_en="inputs: herb lots; outputs: slice lots with grams",
    ),
    Stage.PACK: Flow(
        inputs=(1, 1), takes=frozenset({Form.HERB, Form.SLICE}),
        wanted_zh="投入一个批次，并填包数与每包克数",
        wanted_en="one input, with packs and grams per pack",
    ),
    Stage.SHIP: Flow(
        lots=(1, _MANY), takes=_WEIGHED | {Form.ANIMAL}, counterparty=Counterparty.REQUIRED,
        wanted_zh="所发批次（整批）与收货方",
        wanted_en="lots: whole lots; counterparty: the receiver",
    ),
    Stage.RECEIVE: Flow(
        lots=(1, _MANY), takes=_WEIGHED | {Form.ANIMAL}, counterparty=Counterparty.OPTIONAL,
        wanted_zh="所收批次与发货方",
        wanted_en="lots: the lots received; counterparty: the sender",
    ),
    Stage.SALE: Flow(
        lots=(1, _MANY), takes=_WEIGHED, counterparty=Counterparty.OPTIONAL,
        wanted_zh="所售批次（重量），购货方可选",
        wanted_en="lots with grams; counterparty: the buyer, if a party",
    ),
}  # fmt: skip
"""The lots of every stage."""


@cache
def profile(stage: Stage) -> Profile:
    """Return the profile of a stage.

    >>> [each.name for each in profile(Stage.PRIMARY_PROCESSING).fields if each.required]
    ['method']
    """
    fields = _fields().get(stage, ())
    return Profile(
        stage=stage, flow=FLOWS[stage], fields=fields, by_name={each.name: each for each in fields}
    )


@cache
def _fields() -> Mapping[Stage, tuple[Field, ...]]:
    found: dict[Stage, list[Field]] = {}
    for row in rows("profiles"):
        found.setdefault(Stage(row["stage"]), []).append(_field(row))
    return {stage: tuple(fields) for stage, fields in found.items()}


def _field(row: Mapping[str, str]) -> Field:
    choices = (words.split("=") for words in row["choices"].split("|") if words)
    return Field(
        name=row["name"],
        zh=row["zh"],
        en=row["en"],
        kind=Kind(row["kind"]),
        unit=row["unit"],
        required=row["required"] == "yes",
        visibility=Visibility(row["visibility"]),
        source=row["source"],
        choices=tuple(Choice(key=key, zh=zh, en=en) for key, zh, en in choices),
    )
