"""The tables of a body, by the form its bytes have."""

from collections.abc import Callable, Mapping
from typing import Final

from priceindex.feeds.contract import RawBody
from priceindex.feeds.csv_grid import csv_grid
from priceindex.feeds.grid import Form, Grid, form_of
from priceindex.feeds.html_grid import html_grids
from priceindex.feeds.json_grid import json_grid
from priceindex.feeds.sheet_grid import sheet_grids

_READERS: Final[Mapping[Form, Callable[[bytes, str], tuple[Grid, ...]]]] = {
    Form.CSV: lambda content, name: (csv_grid(content, name),),
    Form.JSON: lambda content, name: (json_grid(content, name),),
    Form.XLSX: sheet_grids,
    Form.HTML: html_grids,
}


def grids_of(raw: RawBody) -> tuple[Grid, ...]:
    """Return the tables of a body; raises what is wrong with the body as a whole."""
    return _READERS[form_of(raw.content)](raw.content, raw.name)
