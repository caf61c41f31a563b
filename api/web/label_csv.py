"""A label as a line of a table, for printers that set their own."""

from typing import Final

from api.web.csv_body import Cell
from trace.coding.pins import grouped_pin
from trace.coding.trace_code import grouped
from trace.labels.label_text import PackLabel

HEADINGS: Final = ("place", "code", "printed", "url", "pin")


def label_row(label: PackLabel) -> list[Cell]:
    """Return number, code, printed code, address and PIN of a label.

    >>> label_row(PackLabel(code="0ABCDEFGHJKMNPQRSTVW", url="https://a.cn/s/0", place=1, pin="01234567"))[4]
    '0123 4567'
    """
    pin = grouped_pin(label.pin) if label.pin else None
    return [label.place, label.code, grouped(label.code), label.url, pin]
