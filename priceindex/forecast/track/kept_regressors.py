"""The outside regressors a run rests on: their file as it was handed in, kept by the digest the run names."""

import zlib
from typing import Final

from sqlmodel import Session

from priceindex import archive
from priceindex.errors import StatementDiffers
from priceindex.feeds.contract import RawBody
from priceindex.forecast.fitted.regressors import RegressorTable, read_regressors

SHAPE: Final = "regressors"
"""What the archive calls such a body: no shape of quotes reads it."""


def keep_regressors(session: Session, body: bytes, received_ms: int) -> str:
    """Keep the bytes of a table and return their SHA-256, hex."""
    raw = RawBody(name="regressors.csv", content=body, media_type="text/csv", received_ms=received_ms)
    return archive.keep(session, raw, SHAPE)


def kept_regressors(session: Session, sha256: str) -> RegressorTable:
    """The table a run names.

    Raises `UnknownArchive` where it is not kept here, `StatementDiffers` where something else is.
    """
    try:
        table = read_regressors(archive.body(session, sha256))
    except zlib.error as broken:
        raise StatementDiffers(part=f"regressors {sha256}") from broken
    if table.sha256 != sha256:
        raise StatementDiffers(part=f"regressors {sha256}")
    return table
