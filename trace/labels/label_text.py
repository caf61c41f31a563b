"""What stands on the label of a pack, besides its code: the items of the rule on labels of slices.

中药饮片标签管理规定 (NMPA 2023 年第 90 号, in force 2024-08-01; 保质期 from 2025-08-01) asks for 产品属性,
品名, 规格, 药材产地, 生产企业, 产品批号, 生产日期, 装量, 保质期 and 执行标准 (the list is recalled, not read
in the rule itself). What the record does not hold and nobody gave is left out: nothing is made up.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from pydantic import BaseModel, ConfigDict, Field
from sqlmodel import Session

from ledger.plain_text import PlainText
from trace.divisions import division
from trace.parties import party
from trace.quantities import format_mass
from trace.story import story_of_lot
from trace.story_parts import Story
from trace.tables import LotRow
from trace.vocabulary import Form

ATTRIBUTE: Final[Mapping[Form, str]] = {Form.SLICE: "中药饮片"}
"""产品属性 by form: only slices must bear one."""

_DAY: Final = r"^\d{4}-\d{2}-\d{2}$"


class LabelNew(BaseModel):
    """What whoever prints says of the packs; what is left out is taken from the record, if it is there."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    lot: str | None = Field(default=None, max_length=40)
    """Lot 批次 the packs are filled from; needed while the codes are on no packs yet."""
    grams: int | None = Field(default=None, ge=1, le=10**9)
    """Mass of one pack 装量, in grams."""
    specification: PlainText | None = Field(default=None, max_length=60)
    """规格."""
    production_date: str | None = Field(default=None, pattern=_DAY)
    """生产日期 as YYYY-MM-DD."""
    expiry_date: str | None = Field(default=None, pattern=_DAY)
    """保质期至 as YYYY-MM-DD."""
    standard: PlainText | None = Field(default=None, max_length=80)
    """执行标准."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelText:
    """The words of a label, the same on every pack of a print run."""

    name: str | None
    """品名."""
    attribute: str | None
    """产品属性."""
    lines: tuple[tuple[str, str], ...]
    """Heading and content of the rest, in the order of the rule."""

    def characters(self) -> set[str]:
        """Return every character it needs a glyph for."""
        text = [self.name or "", self.attribute or "", *(f"{head}：{text}" for head, text in self.lines)]
        return set("".join(text))


@dataclass(frozen=True, slots=True, kw_only=True)
class PackLabel:
    """What differs from pack to pack."""

    code: str
    """Trace code, twenty characters."""
    url: str
    """Where its QR leads."""
    place: int
    """Its number within the batch, from 1."""
    pin: str | None
    """The PIN under the scratch layer; None where none is printed."""


def pack_labels(
    codes: Iterable[str], pins: Iterable[str] | None, base_url: str, first: int
) -> Iterator[PackLabel]:
    """Give the labels of codes one by one, the first of which has the number `first` (from 1) in its batch.

    >>> next(pack_labels(["0ABCDEFGHJKMNPQRSTVW"], None, "https://a.cn/", 1)).url
    'https://a.cn/s/0ABCDEFGHJKMNPQRSTVW'
    """
    stem = base_url.rstrip("/")
    hidden = iter(pins) if pins is not None else None
    for place, code in enumerate(codes, start=first):
        yield PackLabel(
            code=code, url=f"{stem}/s/{code}", place=place, pin=next(hidden) if hidden is not None else None
        )


def label_text(session: Session, new: LabelNew) -> LabelText:
    """Return the words of a label: what was given first, else what the record of the lot holds.

    Raises `UnknownLot`.
    """
    if new.lot is None:
        return LabelText(name=None, attribute=None, lines=_lines(new, None, None, None))
    story = story_of_lot(session, new.lot)
    row = session.get_one(LotRow, new.lot)
    maker = party(session, _maker(story) or row.holder).name
    origin = division(row.origin).path_zh if row.origin else None
    form = Form(row.form)
    return LabelText(
        name=row.herb, attribute=ATTRIBUTE.get(form), lines=_lines(new, story, maker, origin, row.grade)
    )


def _lines(
    new: LabelNew, story: Story | None, maker: str | None, origin: str | None, grade: str | None = None
) -> tuple[tuple[str, str], ...]:
    said = _said(story)
    lines = (
        ("规格", new.specification or said.get("specification") or grade),
        ("药材产地", origin),
        ("生产企业", maker),
        ("产品批号", new.lot),
        ("生产日期", new.production_date or said.get("production_date")),
        ("装量", format_mass(new.grams, "zh") if new.grams else None),
        ("保质期至", new.expiry_date or said.get("expiry_date")),
        ("执行标准", new.standard or said.get("standard")),
    )
    return tuple((head, text) for head, text in lines if text)


def _said(story: Story | None) -> dict[str, str]:
    """Return the newest public value of each field the lot's own steps hold."""
    if story is None:
        return {}
    own = [step for step in story.steps if story.lot in {amount.lot for amount in step.outputs}]
    own += [step for step in story.steps if step.stage == "pack"]
    return {field.name: str(field.value) for step in own for field in step.fields}


def _maker(story: Story) -> str | None:
    """USCC of who made the lot: the party of the newest step it came out of."""
    made = [step.party for step in story.steps if story.lot in {amount.lot for amount in step.outputs}]
    return made[-1] if made else None
