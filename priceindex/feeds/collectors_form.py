"""The form of a price collector 采集员: who asked, where, which prices, under whose signature.

Decree 22/2024, article 14, wants prices that can be traced back to who submitted them and how. A form is a
JSON object, or a sheet that says the same; the collector's Ed25519 key, registered in the log, signs the
canonical JSON (RFC 8785) of the form without its signature.
"""

import base64
import binascii
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, cast

from ledger.canonical import JsonValue, canonical
from ledger.errors import DaodiError, Location, Said
from ledger.keys import SigningKey
from priceindex.errors import EmptyBody, PartTooLong
from priceindex.feeds.columns import HEADINGS
from priceindex.feeds.contract import RawBody, Reading
from priceindex.feeds.feed_errors import FormNotSigned, MalformedForm
from priceindex.feeds.grid import Form, Grid, form_of
from priceindex.feeds.grids import grids_of
from priceindex.feeds.json_grid import load
from priceindex.feeds.rows import POINT_LIMIT, RowReader
from priceindex.feeds.wording import plain, read_day
from priceindex.quotes import NAME_LIMIT, Quote, ReadResult, Tier, is_name

KIND: Final = "daodi.collectors-form/1"
"""What the member `form` says: the signature is over it too, so it vouches for nothing else."""
LABELS: Final[Mapping[str, tuple[str, ...]]] = {
    "form": ("form", "表格"),
    "source": ("source", "来源"),
    "point": ("point", "采集点"),
    "collector": ("collector", "采集人", "采集员"),
    "market": ("market", "市场"),
    "day": ("day", "日期"),
    "key": ("key", "公钥编号"),
    "signature": ("signature", "签名"),
}
"""Member of a form -> the labels it goes by in a sheet, each with its value in the next cell."""
UNSIGNED: Final = "unsigned-form"
"""Rule code of quotes from a form whose signature does not hold, where a feed lets them wait."""
MAX_QUOTES: Final = 2_000
_ROW_PARTS: Final = ("herb", "grade", "origin", "price", "unit", "currency", "trend")
_PART_OF: Final = {heading: part for part in _ROW_PARTS for heading in (part, *HEADINGS[part])}
"""Heading of a sheet's column -> the member of a row that it is, in letters every program signs alike."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectorsForm:
    """A form as its collector filled it in."""

    source: str
    point: str
    collector: str
    market: str
    day: str
    key: str
    """Key id, 32 hex digits."""
    quotes: tuple[Mapping[str, str], ...]
    """Rows: herb, grade, origin, price, unit, currency and trend as texts, those that are told."""
    signature: str = ""
    """Base64 of the 64 bytes of RFC 8032."""

    def signed_bytes(self) -> bytes:
        """Return what the signature is over; raises `NotCanonical`."""
        members: dict[str, object] = {name: getattr(self, name) for name in _SIGNED}
        members |= {"form": KIND, "quotes": [dict(row) for row in self.quotes]}
        return canonical(cast("JsonValue", members))

    def signed_by(self, key: SigningKey) -> "CollectorsForm":
        """Return the form under a collector's key."""
        unsigned = replace(self, key=key.public.key_id)
        signature = base64.b64encode(key.sign(unsigned.signed_bytes())).decode()
        return replace(unsigned, signature=signature)

    def to_json(self) -> bytes:
        """Return the form as it is sent."""
        members: dict[str, object] = {name: getattr(self, name) for name in (*_SIGNED, "signature")}
        members |= {"form": KIND, "quotes": [dict(row) for row in self.quotes]}
        return canonical(cast("JsonValue", members))


_SIGNED: Final = ("source", "point", "collector", "market", "day", "key")


class CollectorsFormShape:
    """One signed form: JSON, or a sheet with labelled cells above the table."""

    def read(self, raw: RawBody, reading: Reading) -> ReadResult:
        """Check the signature, then read the rows.

        A form that is not validly signed is refused (`FormNotSigned`) or, where the source's setting says
        so, its quotes wait in quarantine. Raises also `MalformedForm` and what a table can have wrong.
        """
        form = read_form(raw)
        if form.source != reading.source:
            raise _malformed(raw, f"来源写作 {form.source[:20]}", f"it names the source {form.source[:20]}")
        fault = _signature_fault(form, reading)
        if fault is not None and reading.unsigned != "quarantine":
            raise FormNotSigned(at=Location(file=raw.name, field="signature"), why=fault)
        day = read_day(form.day, Location(file=raw.name, field="day", value=form.day[:NAME_LIMIT]))
        grid = _grid(form, raw)
        rows = RowReader(grid, replace(reading, day=day, market=form.market), Tier.MARKET)
        quotes: list[Quote] = []
        faults: list[DaodiError] = []
        for number, row in grid.rows:
            try:
                quotes.append(_collected(rows.quote(row, number), form, signed=fault is None))
            except DaodiError as wrong:
                faults.append(wrong)
        return ReadResult(tuple(quotes), tuple(faults))


def read_form(raw: RawBody) -> CollectorsForm:
    """Read a form out of JSON or a sheet; nothing is verified. Raises `MalformedForm`, `EmptyBody`."""
    found = _json_members(raw) if form_of(raw.content) is Form.JSON else _sheet_members(raw)
    if found.pop("form", KIND) != KIND:
        raise _malformed(raw, f"form 不是 {KIND}", f"its member form is not {KIND}")
    quotes = found.pop("quotes", None)
    named = (*_SIGNED, "signature")
    members = {name: _text(found.pop(name, ""), name, raw) for name in named}
    if found or not all(isinstance(value, str) for value in members.values()):
        raise _malformed(
            raw, "有多余的项，或某项不是文本", "it has members of its own, or one that is no text"
        )
    if not isinstance(quotes, list) or len(quotes) > MAX_QUOTES or not all(map(_is_row, quotes)):
        raise _malformed(raw, "报价行有不认识的列", "its rows have columns that no form has")
    if not quotes:
        raise EmptyBody(at=Location(file=raw.name), name=raw.name)
    missing = [name for name in ("point", "collector", "market", "day") if not members[name]]
    if missing:
        raise _malformed(raw, f"缺少 {'、'.join(missing)}", f"it lacks {', '.join(missing)}")
    for name in ("point", "collector"):
        if len(members[name]) > POINT_LIMIT or not members[name].isprintable():
            raise PartTooLong(at=Location(file=raw.name, field=name), column=name, limit=POINT_LIMIT)
    if not is_name(members["market"]):
        raise PartTooLong(at=Location(file=raw.name, field="market"), column="market", limit=NAME_LIMIT)
    return CollectorsForm(**members, quotes=tuple(quotes))


def _json_members(raw: RawBody) -> dict[str, object]:
    found = load(raw.content, raw.name)
    if not isinstance(found, dict):
        raise _malformed(raw, "不是 JSON 对象", "it is no JSON object")
    return found


def _sheet_members(raw: RawBody) -> dict[str, object]:
    """The labelled cells above the table, then the table's rows by heading."""
    grid = grids_of(raw)[0]
    lines: list[Sequence[str]] = [grid.heading, *(row for _, row in grid.rows)]
    label_of = {label: name for name, labels in LABELS.items() for label in labels}
    members: dict[str, object] = {}
    for place, line in enumerate(lines):
        name = label_of.get(plain(line[0]).removesuffix(":").strip().lower()) if line else None
        filled = [cell for cell in line if cell.strip()]
        if name is None or len(filled) > 2:
            heading = [_PART_OF.get(plain(cell).lower(), plain(cell)) for cell in line]
            rows = [dict(zip(heading, map(str.strip, row), strict=False)) for row in lines[place + 1 :]]
            members["quotes"] = [{key: cell for key, cell in row.items() if key and cell} for row in rows]
            return members
        members[name] = line[1].strip() if len(line) > 1 else ""
    return members


def _text(value: object, name: str, raw: RawBody) -> str:
    if not isinstance(value, str):
        raise _malformed(raw, f"{name} 不是文本", f"its member {name} is no text")
    return value


def _is_row(row: object) -> bool:
    return isinstance(row, dict) and all(
        key in _ROW_PARTS and isinstance(value, str) for key, value in row.items()
    )


def _signature_fault(form: CollectorsForm, reading: Reading) -> Said | DaodiError | None:
    """Why the form's signature does not hold; None where it does."""
    if not form.signature or not form.key:
        return Said(zh="没有签名", en="it bears no signature")
    if reading.keys is None:
        return Said(zh="此处不能核对密钥", en="no keys can be looked up here")
    try:
        signature = base64.b64decode(form.signature, validate=True)
        reading.keys(form.key).verify(form.signed_bytes(), signature)
    except (binascii.Error, ValueError):
        return Said(zh="签名不是 Base64", en="the signature is no base64")
    except DaodiError as fault:
        return fault
    return None


def _grid(form: CollectorsForm, raw: RawBody) -> Grid:
    heading = tuple(dict.fromkeys(key for row in form.quotes for key in row))
    rows = [(number, [row.get(key, "") for key in heading]) for number, row in enumerate(form.quotes, 1)]
    return Grid(name=raw.name, heading=heading, rows=rows)


def _collected(quote: Quote, form: CollectorsForm, *, signed: bool) -> Quote:
    return replace(
        quote,
        collection_point=form.point,
        collector=form.key if signed else form.collector,
        rules=() if signed else (UNSIGNED,),
    )


def _malformed(raw: RawBody, zh: str, en: str) -> MalformedForm:
    return MalformedForm(at=Location(file=raw.name), why=Said(zh=zh, en=en))
