"""Quotes from a CSV file: UTF-8 (with or without mark) or GB18030, Chinese or English headings."""

import csv
import io
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ledger.errors import DaodiError, Location
from priceindex.errors import (
    BrokenCsv,
    EmptyBody,
    MissingColumn,
    MissingPart,
    PartTooLong,
    UnknownTier,
    UnreadableFile,
)
from priceindex.feeds.contract import RawBody
from priceindex.feeds.wording import plain, read_day, read_price, unit_factor
from priceindex.intake.known_names import KnownNames
from priceindex.quotes import NAME_LIMIT, Quote, ReadResult, Tier, is_name

HEADINGS: Final[Mapping[str, tuple[str, ...]]] = {
    "herb": ("herb", "品名", "药材", "药材名称", "品种", "名称"),
    "grade": ("grade", "spec", "规格", "规格等级", "等级"),
    "origin": ("origin", "产地"),
    "market": ("market", "市场", "市场名称"),
    "day": ("date", "day", "日期", "报价日期"),
    "price": ("price_yuan_per_kg", "price", "quote_raw", "价格", "报价", "单价"),
    "unit": ("unit", "单位"),
    "tier": ("tier", "类型", "价格类型"),
}
"""Column of a quote -> the headings it goes by. Other columns are ignored."""
_NEEDED: Final = {
    "herb": "药材 herb",
    "grade": "规格 grade",
    "market": "市场 market",
    "day": "日期 date",
    "price": "价格 price",
}
"""Columns no quote can do without -> what a message calls them."""
_HEADINGS_SHOWN: Final = 20
_UNIT_IN_HEADING: Final = re.compile(r"[(\[](元/[^)\]]+)[)\]]$")
_TIERS: Final = {name: tier for tier in Tier for name in (str(tier), tier.words("zh"), tier.words("en"))}


@dataclass(frozen=True, slots=True)
class CsvFeed:
    """One CSV file on disk."""

    path: Path
    source: str
    clock: Callable[[], int]
    """Gives epoch milliseconds."""

    def fetch(self) -> RawBody:
        """Read the file as it stands."""
        return RawBody(
            name=self.path.name,
            content=self.path.read_bytes(),
            media_type="text/csv",
            received_ms=self.clock(),
        )

    def parse(self, raw: RawBody) -> ReadResult:
        """Read the quotes out of the file's bytes."""
        return read_csv(raw.content, raw.name, self.source)


@dataclass(frozen=True, slots=True)
class _Columns:
    """Where each part of a quote stands in a row, and the unit the heading itself names."""

    place: Mapping[str, int]
    heading: Mapping[str, str]
    """The heading as the file writes it, for messages."""
    unit: str


@dataclass(frozen=True, slots=True)
class _Origin:
    """What holds for every row of a file: its name, its source, the names it may use."""

    name: str
    source: str
    known: KnownNames | None


def decode_text(content: bytes, name: str) -> str:
    """Decode a body; raises `UnreadableFile` when it is neither UTF-8 nor GB18030 text.

    >>> decode_text("品名".encode("gb18030"), "a.csv")
    '品名'
    """
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text and not content.startswith(b"PK\x03\x04"):
            return text
    raise UnreadableFile(at=Location(file=name), name=name)


def read_csv(content: bytes, name: str, source: str, known: KnownNames | None = None) -> ReadResult:
    """Read quotes out of CSV bytes; every bad row becomes a fault with its place and a remedy.

    With `known`, a herb or market outside its lists is such a fault. What is wrong with the file as a
    whole is raised, and no row is judged: `UnreadableFile`, `BrokenCsv`, `EmptyBody`, `MissingColumn`.
    """
    rows = _numbered(csv.reader(io.StringIO(decode_text(content, name), newline="")), name)
    _, heading = next(rows, (1, []))
    if not heading:
        raise EmptyBody(at=Location(file=name), name=name)
    columns = _columns(heading, name)
    quotes: list[Quote] = []
    faults: list[DaodiError] = []
    for number, row in rows:
        try:
            quotes.append(_quote(row, number, columns, _Origin(name, source, known)))
        except DaodiError as fault:
            faults.append(fault)
    if not quotes and not faults:
        raise EmptyBody(at=Location(file=name), name=name)
    return ReadResult(tuple(quotes), tuple(faults))


def _numbered(rows: Iterator[list[str]], name: str) -> Iterator[tuple[int, list[str]]]:
    """Give each row that is not blank, with the number a spreadsheet shows for it; raises `BrokenCsv`."""
    number = 0
    while True:
        number += 1
        try:
            row = next(rows)
        except StopIteration:
            return
        except csv.Error as fault:
            raise BrokenCsv(at=Location(file=name, row=number), name=name, row=number) from fault
        if any(cell.strip() for cell in row):
            yield number, row


def _columns(heading: Sequence[str], name: str) -> _Columns:
    unit = ""
    written: dict[str, int] = {}
    for at, text in enumerate(heading):
        label = plain(text).lower()
        if found := _UNIT_IN_HEADING.search(label):
            unit = found[1]
            label = label[: found.start()].strip()
        written.setdefault(label, at)
    place: dict[str, int] = {}
    for part, accepted in HEADINGS.items():
        found_at = next((written[label] for label in accepted if label in written), None)
        if found_at is not None:
            place[part] = found_at
    missing = [part for part in _NEEDED if part not in place]
    if missing:
        raise _missing(missing, heading, name)
    return _Columns(place, {part: heading[at].strip() for part, at in place.items()}, unit)


def _missing(parts: Sequence[str], heading: Sequence[str], name: str) -> MissingColumn:
    columns = "、".join(_NEEDED[part] for part in parts)
    texts = [text.strip()[:NAME_LIMIT] for text in heading[:_HEADINGS_SHOWN]]
    found = "、".join((text if is_name(text) else "?") or "—" for text in texts)
    return MissingColumn(
        at=Location(file=name, row=1, field=columns, value=found[:NAME_LIMIT]),
        columns=columns,
        found=found,
        accepted="；".join(f"{_NEEDED[part]} = {' / '.join(HEADINGS[part])}" for part in parts),
    )


def _quote(row: Sequence[str], number: int, columns: _Columns, origin: _Origin) -> Quote:
    def at(part: str, value: str) -> Location:
        return Location(file=origin.name, row=number, field=columns.heading.get(part, part), value=value[:40])

    def told(part: str) -> str:
        place = columns.place.get(part)
        text = row[place].strip() if place is not None and place < len(row) else ""
        if not text and part in _NEEDED:
            raise MissingPart(at=at(part, ""), column=columns.heading[part])
        return text

    def named(part: str) -> str:
        text = told(part)
        if not is_name(text):
            raise PartTooLong(at=at(part, text), column=columns.heading[part], limit=NAME_LIMIT)
        return text

    unit, written = told("unit"), told("price")
    price = read_price(written, unit_factor(unit or columns.unit, at("unit", unit)), at("price", written))
    day = told("day")
    quote = Quote(
        herb=named("herb"),
        grade=named("grade"),
        origin=named("origin"),
        market=named("market"),
        day=read_day(day, at("day", day)),
        fen_per_kg=price.fen_per_kg,
        low_fen_per_kg=price.low_fen_per_kg,
        high_fen_per_kg=price.high_fen_per_kg,
        source=origin.source,
        tier=_tier(told("tier"), at),
        at=at("price", written),
    )
    return quote if origin.known is None else origin.known.listed(quote, at)


def _tier(text: str, at: Callable[[str, str], Location]) -> Tier:
    if not text:
        return Tier.MARKET
    if text.lower() not in _TIERS:
        raise UnknownTier(at=at("tier", text), tier=text[:40], accepted="、".join(_TIERS))
    return _TIERS[text.lower()]
