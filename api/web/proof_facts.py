"""What a verified entry says, in the few lines that fit a printed sheet or a terminal; both languages.

Everything here is read from the proven entry and its checkpoint, nothing from a database: whoever verifies
the code on the sheet sees the same lines.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from ledger.canonical import JsonValue
from ledger.errors import Language, Said
from ledger.proofs.bundle import VerifiedEntry
from trace.quantities import format_mass
from trace.vocabulary import Stage

_LOT_PATH: Final = "/lot/"
_LANGUAGES: Final[tuple[Language, ...]] = ("zh", "en")
_AMOUNTS: Final = ("outputQuantityList", "quantityList")


@dataclass(frozen=True, slots=True)
class Fact:
    """One line: what it is about, and what is so."""

    label: Said
    value: Said


def proven_facts(found: VerifiedEntry) -> list[Fact]:
    """Return what a verified receipt shows, most telling first."""
    return [*_about(found), *_standing(found)]


def _about(found: VerifiedEntry) -> Iterator[Fact]:
    said = found.entry.statement
    event = said.public.get("event")
    if isinstance(event, Mapping):
        stage = Stage.named(str(event.get("tcm:stage", "")))
        yield _fact(
            "环节", "Step", said.kind if stage is None else stage.zh, stage.en if stage else said.kind
        )
        yield from _of_event(event)
    else:
        yield _fact("陈述种类", "Kind", said.kind)
    yield _fact("主题", "Subject", said.subject)
    yield _fact("签名方", "Signed by", found.holder)


def _of_event(event: Mapping[str, JsonValue]) -> Iterator[Fact]:
    herbs = [str(lot["herb"]) for lot in _objects(event.get("tcm:lots")) if "herb" in lot]
    if herbs:
        yield _fact("药材", "Herb", "、".join(dict.fromkeys(herbs)))
    amounts = next((_objects(event[name]) for name in _AMOUNTS if name in event), [])
    if amounts:
        chinese, english = ([_amount(each, language) for each in amounts] for language in _LANGUAGES)
        yield _fact("数量", "Amount", "；".join(chinese), "; ".join(english))
    when = event.get("eventTime")
    if isinstance(when, str):
        yield _fact("发生时间", "Happened", _moment(when))


def _standing(found: VerifiedEntry) -> Iterator[Fact]:
    head = found.checkpoint
    yield _fact("陈述编号", "Statement", found.entry.statement.id)
    yield _fact("账本", "Log", head.origin)
    yield _fact(
        "条目", "Entry", f"第 {found.index} 号，共 {head.size} 条", f"no. {found.index} of {head.size}"
    )
    if not head.cosigned:
        yield _fact("见证", "Witnessed", "无见证", "by nobody")
    for each in head.cosigned:
        at = datetime.fromtimestamp(each.at_s, UTC).strftime("%Y-%m-%d %H:%M UTC")
        yield _fact("见证", "Witnessed", f"{each.by.name} · {at}")


def _amount(amount: Mapping[str, JsonValue], language: Language) -> str:
    lot = str(amount.get("epcClass", "")).rpartition(_LOT_PATH)[2]
    grams = amount.get("quantity")
    colon = "：" if language == "zh" else ": "
    return f"{lot}{colon}{format_mass(grams, language)}" if isinstance(grams, int) else lot


def _moment(stated: str) -> str:
    """Return the time an event states, to the minute; as it stands where it has another form.

    >>> _moment("2026-09-06T12:00:00.000+08:00")
    '2026-09-06 12:00+08:00'
    """
    try:
        return datetime.fromisoformat(stated).isoformat(" ", "minutes")
    except ValueError:
        return stated


def _objects(value: JsonValue) -> Sequence[Mapping[str, JsonValue]]:
    return [each for each in value if isinstance(each, Mapping)] if isinstance(value, list) else []


def _fact(label_zh: str, label_en: str, zh: str, en: str | None = None) -> Fact:
    return Fact(Said(label_zh, label_en), Said(zh, zh if en is None else en))
