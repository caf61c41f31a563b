"""Bodies of quotes in every form, made of the same rows."""

import io
import json
from collections.abc import Sequence

from openpyxl import Workbook

from priceindex.feeds.contract import RawBody
from priceindex.feeds.grid import Form

HEADING = ("品名", "规格", "产地", "市场", "日期", "价格", "单位")
ROWS = (
    ("白芍", "统", "安徽", "亳州", "2025-12-30", "40-42", "元/公斤"),
    ("当归", "选", "甘肃", "安国", "2025-12-30", "61.5", "元/市斤"),
    ("川芎", "统", "四川", "亳州", "2025-12-30", "5-5-6.5", "元/公斤"),
)
"""Two good rows and one that nobody can read."""


def raw(content: bytes, name: str = "quotes") -> RawBody:
    """A body as it came in."""
    return RawBody(name=name, content=content, media_type="", received_ms=1_767_312_000_000)


def written(form: Form, heading: Sequence[str] = HEADING, rows: Sequence[Sequence[str]] = ROWS) -> bytes:
    """The same table in one of its forms."""
    if form is Form.JSON:
        return json.dumps([dict(zip(heading, row, strict=True)) for row in rows]).encode()
    if form is Form.XLSX:
        return workbook([heading, *rows])
    if form is Form.HTML:
        lines = (f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in (heading, *rows))
        return f"<!DOCTYPE html><title>x</title><table>{''.join(lines)}</table>".encode()
    return "\r\n".join(",".join(row) for row in (heading, *rows)).encode("gb18030")


def workbook(rows: Sequence[Sequence[object]]) -> bytes:
    """An xlsx file of one sheet."""
    book = Workbook()
    sheet = book.worksheets[0]
    for row in rows:
        sheet.append(list(row))
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()
