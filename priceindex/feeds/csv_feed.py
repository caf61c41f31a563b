"""Quotes out of CSV bytes handed in directly, without a feed: what an upload and the tests call."""

from priceindex.feeds.contract import RawBody, Reading
from priceindex.feeds.table_shape import TableShape
from priceindex.intake.known_names import KnownNames
from priceindex.quotes import ReadResult


def read_csv(content: bytes, name: str, source: str, known: KnownNames | None = None) -> ReadResult:
    """Read quotes out of a table's bytes; every bad row becomes a fault with its place and a remedy.

    With `known`, a herb or market outside its lists is such a fault. Raises as `TableShape.read` does.
    """
    raw = RawBody(name=name, content=content, media_type="text/csv", received_ms=0)
    return TableShape().read(raw, Reading(source=source, known=known))
