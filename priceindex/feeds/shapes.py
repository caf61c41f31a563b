"""The shapes quotes arrive in, by name, and how an upload tells which it is."""

from collections.abc import Mapping
from typing import Final

from ledger.errors import DaodiError, Said
from priceindex.feeds.collectors_form import LABELS, CollectorsFormShape
from priceindex.feeds.columns import HEADINGS
from priceindex.feeds.contract import RawBody, Reading, Shape
from priceindex.feeds.csv_grid import decode_text
from priceindex.feeds.feed_errors import MalformedFeed
from priceindex.feeds.grid import Form, form_of
from priceindex.feeds.grids import grids_of
from priceindex.feeds.json_grid import load
from priceindex.feeds.prose import ProseShape
from priceindex.feeds.table_shape import TableShape
from priceindex.feeds.trend_table import TrendTableShape
from priceindex.feeds.wording import plain
from priceindex.quotes import ReadResult

TABLE: Final = "table"
TREND_TABLE: Final = "trend-table"
PROSE: Final = "prose"
COLLECTORS_FORM: Final = "collectors-form"
SHAPES: Final[Mapping[str, Shape]] = {
    TABLE: TableShape(),
    TREND_TABLE: TrendTableShape(),
    PROSE: ProseShape(),
    COLLECTORS_FORM: CollectorsFormShape(),
}
SHAPE_WORDS: Final[Mapping[str, tuple[str, str]]] = {
    TABLE: ("报价表", "table of quotes"),
    TREND_TABLE: ("带走势与涨跌的报价表", "table with trends and changes"),
    PROSE: ("行情文字", "market report in sentences"),
    COLLECTORS_FORM: ("采集表", "collectors' form"),
}
_HEAD_LINES: Final = 12
_FORM_LABELS: Final = frozenset(LABELS["signature"])
_TREND_HEADINGS: Final = frozenset(HEADINGS["trend"])


def shape(name: str) -> Shape:
    """Return a shape by its name; raises `MalformedFeed`."""
    if name not in SHAPES:
        known = "、".join(SHAPES)
        why = Said(
            zh=f"没有名为“{name[:20]}”的形式，可用：{known}", en=f"no shape {name[:20]}; there are {known}"
        )
        raise MalformedFeed(why=why)
    return SHAPES[name]


def read_body(shape_name: str, raw: RawBody, reading: Reading) -> ReadResult:
    """Read a body in a shape; raises what is wrong with the body as a whole."""
    return shape(shape_name).read(raw, reading)


def shape_of(raw: RawBody) -> str:
    """Tell the shape of a body somebody uploads, by its headings; prose is never guessed.

    >>> shape_of(RawBody(name="a", content="品名,规格,走势".encode(), media_type="", received_ms=0))
    'trend-table'
    """
    try:
        words = _head_words(raw)
    except DaodiError:
        return TABLE  # what cannot be read at all is refused by the shape that says so best
    if words & _TREND_HEADINGS:
        return TREND_TABLE
    return COLLECTORS_FORM if words & _FORM_LABELS else TABLE


def _head_words(raw: RawBody) -> set[str]:
    """The words that may be headings or labels."""
    form = form_of(raw.content)
    if form is Form.JSON:
        return _json_words(raw)
    if form is Form.CSV:
        lines = decode_text(raw.content, raw.name).splitlines()[:_HEAD_LINES]
        return {_word(cell) for line in lines for cell in line.split(",")}
    words = set()
    for grid in grids_of(raw):
        words |= {_word(cell) for cell in grid.heading}
        words |= {_word(row[0]) for number, row in grid.rows if number <= _HEAD_LINES and row}
    return words


def _json_words(raw: RawBody) -> set[str]:
    found = load(raw.content, raw.name)
    if isinstance(found, dict) and "form" not in found:
        found = found.get("quotes")
    if isinstance(found, dict):
        return {_word(key) for key in found}
    first = found[0] if isinstance(found, list) and found else {}
    return {_word(key) for key in first} if isinstance(first, dict) else set()


def _word(text: str) -> str:
    return plain(text).strip('"').removesuffix(":").strip().lower()
