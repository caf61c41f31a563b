"""A table of texts, whatever it was written in: headings, then rows with the number their owner sees."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Form(StrEnum):
    """How a body is written, told by its first bytes."""

    CSV = "csv"
    JSON = "json"
    XLSX = "xlsx"
    HTML = "html"
    TEXT = "text"


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """One table of a body."""

    name: str
    """The file's name, with the sheet's behind it in a workbook; for messages."""
    heading: tuple[str, ...]
    rows: Iterable[tuple[int, list[str]]]
    """Row number as its owner counts (a sheet's heading is 1, the first JSON object too), and cells."""


_ZIP: Final = b"PK\x03\x04"
_MARK: Final = b"\xef\xbb\xbf"
_SNIFFED: Final = 4096


def form_of(content: bytes) -> Form:
    r"""Tell the form of a body by its first bytes; what is nothing else is CSV.

    >>> [str(form_of(each)) for each in (b"PK\x03\x04..", b" [{", b"<!DOCTYPE html>", b"a,b")]
    ['xlsx', 'json', 'html', 'csv']
    """
    if content.startswith(_ZIP):
        return Form.XLSX
    start = content.removeprefix(_MARK)[:_SNIFFED].lstrip()
    if start[:1] in (b"{", b"["):
        return Form.JSON
    if start[:1] == b"<":
        return Form.HTML
    return Form.CSV
