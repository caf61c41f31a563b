"""The parts of a story: what a scan page, the command line and the JSON answer show of a pack.

Public fields only: there is no place here for a price, a person, a phone number or an address.
"""

from dataclasses import dataclass

from ledger.errors import Language
from trace.coding.code_words import CodeStatus
from trace.completeness import Completeness
from trace.registers.register_words import LicenceKind
from trace.scanning.scans import ScanState
from trace.vocabulary import Form, Stage, Word


class Verdict(Word):
    """What the record lets us say about a code, and no more: a code that matches can still be a copy."""

    MATCHES = "matches", "登记相符", "matches the record"
    DOUBTFUL = "doubtful", "存疑", "doubtful"
    FROZEN = "frozen", "已冻结", "frozen"
    NOT_ACTIVATED = "not_activated", "未激活", "not activated"
    UNKNOWN = "unknown", "查无此码", "no such code"


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryField:
    """One public field of a step, ready to show."""

    name: str
    zh: str
    en: str
    value: str | int | bool
    unit: str
    shown_zh: str
    """The value as people read it, with its unit."""
    shown_en: str

    def label(self, language: Language) -> str:
        """Return its label."""
        return self.zh if language == "zh" else self.en

    def shown(self, language: Language) -> str:
        """Return its value as people read it."""
        return self.shown_zh if language == "zh" else self.shown_en


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryErased:
    """A private field of a step whose value was erased: that, when and why, never what."""

    name: str
    zh: str
    en: str
    erased_ms: int
    reason: str
    """Slug, as the ledger's `redacted` statement gives it."""

    def label(self, language: Language) -> str:
        """Return its label."""
        return self.zh if language == "zh" else self.en


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryFinding:
    """A finding, in both languages."""

    rule: str
    lot: str | None
    zh: str
    en: str
    remedy_zh: str
    remedy_en: str
    found_ms: int | None
    """None for what is judged when the story is told, such as a copied label."""
    recall: str | None = None
    """Id of the recall this speaks of: its notice says more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryTest:
    """One result of a test with the limit it was held against."""

    step_id: str
    lot: str
    measurand: str
    """As the laboratory wrote it."""
    measurand_zh: str
    """Our word for it, where we know it."""
    measurand_en: str
    value: str
    unit: str
    method: str | None
    limit: str | None
    """Such as "≤ 150 mg/kg"; LOQ is the quantification limit of the method. None when none is known to us."""
    limit_source: str | None
    """The rule or notice that sets it."""
    limit_recalled: bool
    """The limit was not read in its source: show it as unchecked."""
    within: bool | None
    """None where nothing can be said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryAmount:
    """A lot in a step, with grams where it has weight."""

    lot: str
    grams: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryPlace:
    """Where a step happened, as coarse as the public may know: name and division."""

    place_id: str
    name: str
    division: str
    division_name: str
    """From the province down, in Chinese."""
    division_name_en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryCorrection:
    """A step was declared wrong: why, when, and what stands in its place."""

    reason_zh: str
    reason_en: str
    declared_ms: int
    corrective: str | None
    """Id of the step in its place."""
    statement_id: str
    """Of the correction."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryStep:
    """One step of the way."""

    step_id: str
    stage: Stage
    event_ms: int
    offset_minutes: int
    recorded_ms: int
    recorded_late: bool = False
    """Entered later (补录): more than seven days after, or from before its party was registered here."""
    party: str
    party_name: str
    counterparty: str | None
    counterparty_name: str | None
    place: StoryPlace
    lot: str
    """The lot the statement is about."""
    inputs: tuple[StoryAmount, ...]
    outputs: tuple[StoryAmount, ...]
    lots: tuple[StoryAmount, ...]
    fields: tuple[StoryField, ...]
    erased: tuple[StoryErased, ...]
    tests: tuple[StoryTest, ...]
    findings: tuple[StoryFinding, ...]
    statement_id: str
    corrected: StoryCorrection | None = None
    """Declared wrong: it is shown struck out and counts for nothing."""
    corrects: str | None = None
    """Id of the wrong step it stands in the place of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryEdge:
    """One lot went into another."""

    step_id: str
    source: str
    target: str
    grams_in: int | None
    grams_out: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryLot:
    """A lot on the way."""

    lot: str
    herb: str
    form: Form
    grade: str | None
    grams_in: int | None
    origin_kind: Stage | None
    origin: str | None
    origin_name: str | None
    origin_name_en: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryLicence:
    """A licence of a firm on the way, and whether it held on the days of what the firm did."""

    party: str
    kind: LicenceKind
    number: str
    issuer: str
    valid_from_ms: int
    valid_until_ms: int | None
    """The first moment it holds no longer by its own date; None without an end."""
    withdrawn_ms: int | None
    statement_id: str
    held: tuple[str, ...]
    """Ids of the firm's steps it held on, oldest first."""
    lapsed: tuple[str, ...]
    """Ids of the firm's steps it did not hold on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """The way of one pack, or of one lot, back to its seed."""

    code: str | None
    verdict: Verdict | None
    """None in the story of a lot: only a code can be judged."""
    reasons: tuple[StoryFinding, ...]
    """Why the verdict is not `matches`; in the story of a lot, what would make it so."""
    herb: str | None
    """None, like form and lot, while the code is not activated."""
    form: Form | None
    grade: str | None
    lot: str | None
    pack_grams: int | None
    packed_ms: int | None
    origins: tuple[StoryPlace, ...]
    """Where it grew, was reared, gathered or mined: several after a merge."""
    lots: tuple[StoryLot, ...]
    """All lots on the way, the pack's own first."""
    steps: tuple[StoryStep, ...]
    """Oldest first, over all lots on the way."""
    edges: tuple[StoryEdge, ...]
    tests: tuple[StoryTest, ...]
    findings: tuple[StoryFinding, ...]
    completeness: Completeness
    scans: ScanState
    batch: str | None
    status: CodeStatus | None
    """What has become of the code; None in the story of a lot."""
    status_ms: int | None
    """Since when."""
    statements: tuple[str, ...]
    """Ids of every statement the story rests on, in the order of `steps`."""
    revision: str
    """Changes whenever anything here but the scans changes: fit for an ETag."""
    licences: tuple[StoryLicence, ...] = ()
    """Of the firms that did something on the way, firm by firm."""
    apart: bool = False
    """Whether packs of the same lot in the same state may have another story than this."""

    def lot_named(self, lot: str) -> StoryLot:
        """Return one of the lots on the way."""
        return {each.lot: each for each in self.lots}[lot]
