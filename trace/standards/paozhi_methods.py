"""炮制 methods as data: excipient and its ratio, thickness of cuts, and which forms a herb is made into.

After 通则 0213 and the monographs of the pharmacopoeia as recalled, so every row says `recalled` and is
shown as unchecked. Amounts are kilograms of excipient for 100 kg of clean herb.
"""

from dataclasses import dataclass
from decimal import Decimal
from functools import cache, lru_cache

from ledger.errors import Language
from trace.facts import rows
from trace.standards.sureness import Sureness


@dataclass(frozen=True, slots=True, kw_only=True)
class Ratio:
    """Kilograms of one excipient for 100 kg of herb; both ends are allowed."""

    excipient: str
    names: tuple[str, ...]
    """Words by which a record may call it."""
    low: Decimal | None
    high: Decimal | None

    def words(self) -> str:
        """Say the range, such as 10–20.

        >>> methods_in("酒炙")[0].ratio.words()
        '10–20'
        """
        if self.low is None or self.high is None:
            return ""
        return f"{self.low}" if self.low == self.high else f"{self.low}–{self.high}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """One way of processing."""

    key: str
    zh: str
    en: str
    family: str
    """cleaning, cutting, roasting, stir_baking, calcining, steaming or other."""
    names: tuple[str, ...]
    """Phrases by which a record names it."""
    ratio: Ratio | None
    note_zh: str
    note_en: str
    confidence: Sureness
    source: str

    def words(self, language: Language) -> str:
        """Name the method in `language`."""
        return self.zh if language == "zh" else self.en


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """A shape that herbs are cut into, and how thick it may be."""

    key: str
    zh: str
    en: str
    low_mm: Decimal | None
    high_mm: Decimal | None
    confidence: Sureness
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SliceForm:
    """One form a herb is processed into, such as 炙黄芪, with the ratio its monograph gives."""

    herb: str
    name: str
    method: str
    """Key of the method; empty where the form is only cut."""
    ratio: Ratio | None
    confidence: Sureness
    source: str


@cache
def all_methods() -> tuple[Method, ...]:
    """Return every method, in the order of the fact table."""
    return tuple(_method(row) for row in rows("paozhi_methods"))


@cache
def all_cuts() -> tuple[Cut, ...]:
    """Return every shape of cut."""
    return tuple(_cut(row) for row in rows("paozhi_cuts"))


@cache
def all_slice_forms() -> tuple[SliceForm, ...]:
    """Return every form of slices known for any herb."""
    return tuple(_slice_form(row) for row in rows("slice_forms"))


@lru_cache(maxsize=1024)  # the same words stand in step after step
def methods_in(text: str) -> tuple[Method, ...]:
    """Return the methods a record's words name, the longest name first; a phrase counts once.

    >>> [method.key for method in methods_in("净选，切厚片，麸炒")]
    ['cleaning', 'cutting', 'bran_frying']
    """
    left = text
    places: dict[Method, int] = {}
    named = [(name, method) for method in all_methods() for name in method.names]
    for name, method in sorted(named, key=lambda each: -len(each[0])):
        if name in left:
            places.setdefault(method, left.index(name))
            left = left.replace(name, " " * len(name))
    return tuple(sorted(places, key=places.__getitem__))


def cut_in(text: str) -> Cut | None:
    """Return the shape of cut a record's words name; None when none.

    >>> found = cut_in("润透，切薄片")
    >>> found and (found.low_mm, found.high_mm)
    (Decimal('1.00'), Decimal('2.00'))
    """
    return max((cut for cut in all_cuts() if cut.zh in text), key=lambda cut: len(cut.zh), default=None)


def slice_forms_of(herb: str) -> tuple[SliceForm, ...]:
    """Return the forms known for `herb`; empty where none is known, which says nothing."""
    return tuple(form for form in all_slice_forms() if form.herb == herb)


def ratio_for(herb: str, method: Method, excipient: str) -> Ratio | None:
    """Return the ratio that holds: the herb's own form by that method and excipient, else the method's.

    None where the method has no ratio for that excipient, or takes another one.
    """
    for form in slice_forms_of(herb):
        if form.method == method.key and form.ratio is not None and same_excipient(form.ratio, excipient):
            return form.ratio
    general = method.ratio
    return general if general is not None and same_excipient(general, excipient) else None


def same_excipient(ratio: Ratio, named: str) -> bool:
    """Say whether a record's word for an excipient means that of `ratio`.

    >>> same_excipient(methods_in("酒炙")[0].ratio, "绍兴黄酒")
    True
    """
    return any(name in named for name in ratio.names)


@cache
def is_excipient(name: str) -> bool:
    """Say whether some method or form takes what is called `name` as its excipient.

    >>> is_excipient("蜂蜜"), is_excipient("白芍")
    (True, False)
    """
    ratios = [*(each.ratio for each in all_methods()), *(each.ratio for each in all_slice_forms())]
    return any(ratio is not None and name in (ratio.excipient, *ratio.names) for ratio in ratios)


def _method(row: dict[str, str]) -> Method:
    return Method(
        key=row["key"],
        zh=row["zh"],
        en=row["en"],
        family=row["family"],
        names=tuple(row["names"].split("|")),
        ratio=_ratio(row),
        note_zh=row["note_zh"],
        note_en=row["note_en"],
        confidence=Sureness(row["confidence"]),
        source=row["source"],
    )


def _ratio(row: dict[str, str]) -> Ratio | None:
    if not row["excipient"]:
        return None
    return Ratio(
        excipient=row["excipient"],
        names=tuple(row["excipient_names"].split("|")),
        low=Decimal(row["kg_low"]) if row["kg_low"] else None,
        high=Decimal(row["kg_high"]) if row["kg_high"] else None,
    )


def _cut(row: dict[str, str]) -> Cut:
    return Cut(
        key=row["key"],
        zh=row["zh"],
        en=row["en"],
        low_mm=_hundredths(row["low"]),
        high_mm=_hundredths(row["high"]),
        confidence=Sureness(row["confidence"]),
        source=row["source"],
    )


def _hundredths(text: str) -> Decimal | None:
    return Decimal(int(text)).scaleb(-2) if text else None


def _slice_form(row: dict[str, str]) -> SliceForm:
    return SliceForm(
        herb=row["herb"],
        name=row["name"],
        method=row["method"],
        ratio=_ratio(row),
        confidence=Sureness(row["confidence"]),
        source=row["source"],
    )
