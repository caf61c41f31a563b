"""Feeds set up for polling: what is fetched from where, how often, in which shape.

A feed is never deleted: its polls are evidence. It is disabled, and may be enabled again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import httpx
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import update
from sqlmodel import Session, col, select

from ledger.errors import Location, Said
from priceindex.feeds.address_guard import SCHEMES
from priceindex.feeds.feed_errors import FeedExists, MalformedFeed, UnknownFeed
from priceindex.feeds.feed_settings import FeedSettings
from priceindex.feeds.feed_tables import FeedRow
from priceindex.feeds.grid import Form
from priceindex.feeds.http_feed import host_of, shown_address
from priceindex.feeds.shapes import COLLECTORS_FORM, PROSE, shape

_MINUTE_MS: Final = 60_000
MOST_MINUTES: Final = 7 * 24 * 60
_FORMS_OF: Final = {
    PROSE: (Form.TEXT, Form.HTML),
    COLLECTORS_FORM: (Form.JSON, Form.CSV, Form.XLSX),
}
"""Forms of the shapes that do not come in every form; tables come in all but text."""
_TABLE_FORMS: Final = (Form.CSV, Form.JSON, Form.XLSX, Form.HTML)


class FeedNew(BaseModel):
    """A feed as somebody sets it up."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(pattern=r"^[a-z][a-z0-9-]{0,39}$", examples=["yt1998-bozhou"])
    source: str = Field(
        default="",
        pattern=r"^([a-z][a-z0-9-]{0,39})?$",
        description="Source of its quotes; its name.",
    )
    shape: str = Field(default="table", max_length=20, examples=["table", "trend-table", "prose"])
    form: Form = Field(default=Form.CSV, description="What its bodies are written in.")
    address: str = Field(min_length=8, max_length=500, examples=["https://prices.example.org/today.csv"])
    every_minutes: int = Field(default=60, ge=5, le=MOST_MINUTES)
    settings: FeedSettings = FeedSettings()


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedSetUp:
    """A feed as it stands."""

    name: str
    source: str
    shape: str
    form: Form
    address: str
    """Query included: for asking, never for showing."""
    every_minutes: int
    settings: FeedSettings
    enabled: bool
    created_ms: int
    next_ms: int

    @property
    def shown(self) -> str:
        """The address without what may be secret."""
        return shown_address(self.address)

    @property
    def host(self) -> str:
        """The host that is asked."""
        return host_of(self.address)


def add_feed(session: Session, new: FeedNew, by: str, at_ms: int) -> FeedSetUp:
    """Set a feed up, due at once; the same again changes nothing.

    Raises `MalformedFeed`, or `FeedExists` where the name has another setting.
    """
    _check(new)
    row = session.get(FeedRow, new.name)
    if row is None:
        row = FeedRow(
            name=new.name,
            source=new.source or new.name,
            shape=new.shape,
            form=new.form,
            address=new.address,
            every_minutes=new.every_minutes,
            settings=new.settings.text(),
            created_ms=at_ms,
            created_by=by,
            next_ms=at_ms,
        )
        session.add(row)
        session.flush()
        return _set_up(row)
    told = (new.source or new.name, new.shape, new.form, new.address, new.every_minutes, new.settings.text())
    if told != (row.source, row.shape, row.form, row.address, row.every_minutes, row.settings):
        raise FeedExists(at=Location(field="name", value=new.name), name=new.name)
    return _set_up(row)


def feed(session: Session, name: str) -> FeedSetUp:
    """Return a feed; raises `UnknownFeed`."""
    return _set_up(_row(session, name))


def feeds(session: Session) -> list[FeedSetUp]:
    """Return every feed, by name."""
    return [_set_up(row) for row in session.exec(select(FeedRow).order_by(col(FeedRow.name)))]


def switch_feed(session: Session, name: str, *, on: bool, at_ms: int) -> FeedSetUp:
    """Enable a feed, due at once, or disable it; raises `UnknownFeed`."""
    row = _row(session, name)
    if on and not row.enabled:
        row.next_ms = at_ms
    row.enabled = on
    session.add(row)
    session.flush()
    return _set_up(row)


def due_feeds(session: Session, now_ms: int) -> Sequence[FeedSetUp]:
    """Return the enabled feeds whose time has come, the longest waiting first."""
    asked = select(FeedRow).where(col(FeedRow.enabled), col(FeedRow.next_ms) <= now_ms)
    return [_set_up(row) for row in session.exec(asked.order_by(col(FeedRow.next_ms), col(FeedRow.name)))]


def claim_poll(session: Session, due: FeedSetUp, now_ms: int) -> bool:
    """Take a poll upon oneself: False when another process did so since `due` was read."""
    taken = session.connection().execute(
        update(FeedRow)
        .where(col(FeedRow.name) == due.name, col(FeedRow.next_ms) == due.next_ms)
        .values(next_ms=max(now_ms + due.every_minutes * _MINUTE_MS, due.next_ms + 1))
    )
    return taken.rowcount == 1


def put_off(session: Session, name: str, until_ms: int) -> None:
    """Do not poll a feed before a moment: its source asked for patience."""
    row = _row(session, name)
    row.next_ms = max(row.next_ms, until_ms)
    session.add(row)
    session.flush()


def _row(session: Session, name: str) -> FeedRow:
    row = session.get(FeedRow, name)
    if row is None:
        raise UnknownFeed(at=Location(field="name", value=name[:40]), name=name[:40])
    return row


def _check(new: FeedNew) -> None:
    shape(new.shape)
    forms = _FORMS_OF.get(new.shape, _TABLE_FORMS)
    if new.form not in forms:
        listed = "、".join(forms)
        why = Said(zh=f"{new.shape} 的内容须为 {listed}", en=f"{new.shape} comes as {listed}")
        raise MalformedFeed(at=Location(field="form", value=new.form), why=why)
    try:
        url = httpx.URL(new.address)
    except httpx.InvalidURL:
        url = httpx.URL("")
    if url.scheme not in SCHEMES or not url.host or url.userinfo or not new.address.isascii():
        why = Said(
            zh="地址须为不含用户名的 http 或 https 地址，只用 ASCII 字符",
            en="its address must be http or https, without a user name, in ASCII",
        )
        raise MalformedFeed(at=Location(field="address"), why=why)


def _set_up(row: FeedRow) -> FeedSetUp:
    return FeedSetUp(
        name=row.name,
        source=row.source,
        shape=row.shape,
        form=Form(row.form),
        address=row.address,
        every_minutes=row.every_minutes,
        settings=FeedSettings.read(row.settings),
        enabled=row.enabled,
        created_ms=row.created_ms,
        next_ms=row.next_ms,
    )
