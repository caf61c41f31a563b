"""Which format the values are given in: what `format=` names, else what `Accept` likes best, else JSON."""

from enum import StrEnum
from typing import Final

from api.publication.publication_errors import UnknownFormat
from api.publication.value_table import PARQUET
from api.sdmx.data_message import MEDIA_TYPE as SDMX_CSV
from api.web.csv_body import MEDIA_TYPE as CSV
from ledger.errors import Location

_LONGEST_HEADER: Final = 400


class AnswerFormat(StrEnum):
    """The formats of published values."""

    JSON = "json"
    CSV = "csv"
    PARQUET = "parquet"
    SDMX_CSV = "sdmx-csv"


MEDIA_TYPES: Final = {
    AnswerFormat.JSON: "application/json",
    AnswerFormat.CSV: CSV,
    AnswerFormat.PARQUET: PARQUET,
    AnswerFormat.SDMX_CSV: SDMX_CSV,
}
SUFFIXES: Final = {
    AnswerFormat.JSON: "json",
    AnswerFormat.CSV: "csv",
    AnswerFormat.PARQUET: "parquet",
    AnswerFormat.SDMX_CSV: "sdmx.csv",
}


def answer_format(asked: str | None, accept: str) -> AnswerFormat:
    """Return the format to answer in; raises `UnknownFormat` for a `format` there is not.

    An `Accept` header that names none of ours is passed over: it never refuses an answer.

    >>> answer_format(None, "text/html, text/csv;q=0.9, application/json;q=0.2")
    <AnswerFormat.CSV: 'csv'>
    >>> answer_format("parquet", "text/csv"), answer_format(None, "*/*")
    (<AnswerFormat.PARQUET: 'parquet'>, <AnswerFormat.JSON: 'json'>)
    """
    if asked is not None:
        if asked not in set(AnswerFormat):
            at = Location(field="format", value=asked[:40])
            raise UnknownFormat(at=at, format=asked[:40], known=", ".join(AnswerFormat))
        return AnswerFormat(asked)
    known = {media_type.partition(";")[0]: each for each, media_type in MEDIA_TYPES.items()}
    best = (0.0, AnswerFormat.JSON)
    for part in accept[:_LONGEST_HEADER].split(","):
        name, *parameters = (each.strip().lower() for each in part.split(";"))
        if name in known and (liking := _quality(parameters)) > best[0]:
            best = (liking, known[name])
    return best[1]


def _quality(parameters: list[str]) -> float:
    weights = [each[2:] for each in parameters if each.startswith("q=")]
    if not weights:
        return 1.0
    readable = weights[0].replace(".", "", 1).isdecimal() and weights[0].isascii()
    return min(float(weights[0]), 1.0) if readable else 0.0
