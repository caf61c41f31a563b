"""Reading bodies beside a database: with its exchange rates, its keys, and its archive."""

from collections.abc import Callable

from sqlmodel import Session

from ledger.keyring.key_reading import known_key, require_counting
from ledger.keys import PublicKey
from priceindex import archive
from priceindex.currency.rates import rates_of
from priceindex.feeds.contract import RawBody, Reading
from priceindex.feeds.feed_settings import FeedSettings
from priceindex.feeds.shapes import read_body
from priceindex.intake.known_names import KnownNames
from priceindex.quotes import ReadResult


def counting_keys(session: Session) -> Callable[[str], PublicKey]:
    """Return what gives the key of a key id, raising `NoSuchKey` or `KeyEnded`."""

    def key(key_id: str) -> PublicKey:
        require_counting(session, key_id)
        return known_key(session, key_id).key

    return key


def reading_of(
    session: Session, raw: RawBody, source: str, settings: FeedSettings, known: KnownNames | None
) -> Reading:
    """Return what a shape is told beside a body, with the rates and keys of the database."""
    return settings.reading(
        source, raw.received_ms, known=known, rates=rates_of(session), keys=counting_keys(session)
    )


def read_again(session: Session, sha256: str, source: str, words: KnownNames | None = None) -> ReadResult:
    """Read an archived body as it was first read, for `source`; without `words` every name is let through.

    Prose cannot be read without words: its sentences then come back as faults. Raises `UnknownArchive`
    and what is wrong with the body.
    """
    kept = archive.archived(session, sha256)
    reading = reading_of(session, kept.raw, source, FeedSettings.read(kept.settings), words)
    return read_body(kept.shape, kept.raw, reading)
