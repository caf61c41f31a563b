"""The events there are, and what is sent of each: thin, no longer than a page, everything else is fetched.

The members stand beside `type` and `timestamp` (Standard Webhooks 1.0.0, "Payload structure"). Values are
those the release states, as text; nothing is told that is not public at that moment.
"""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Final, Literal

from pydantic import BaseModel, Field

from api.web.formats import local
from priceindex.calendar import day_of
from priceindex.forecast.track.track_tables import ForecastRow
from priceindex.releases.release_tables import NoticeRow, ReleaseRow, StandingRow
from priceindex.releases.series import rounded

MOST_BYTES: Final = 20_000
"""The specification recommends less than 20 kB."""


class EventType(StrEnum):
    """What an endpoint may ask to be told of."""

    RELEASE_PUBLISHED = "release.published"
    RELEASE_REVISED = "release.revised"
    INDEX_NOTICE = "index.notice"
    INDEX_STANDING = "index.standing"
    FORECAST_MADE = "forecast.made"
    WARNING_OPENED = "warning.opened"
    WARNING_RAISED = "warning.raised"
    WARNING_ESCALATED = "warning.escalated"
    WARNING_ENDED = "warning.ended"
    WARNING_REGULATOR = "warning.regulator"
    WARNING_DIGEST = "warning.digest"


TEST_TYPE: Final[Literal["webhook.test"]] = "webhook.test"
"""Sent to one endpoint when its owner asks for it."""


class Event(BaseModel):
    """What every event has."""

    type: str
    timestamp: datetime = Field(description="When it became public: not when this try was made.")
    url: str = Field(description="Where to fetch the whole.")


class ReleaseEvent(Event):
    """A release became public: the first of its day, or a revision."""

    type: Literal["release.published", "release.revised"] = Field(description="revised: `revision` > 0.")
    release: str = Field(examples=["bozhou-2026-12-31"])
    family: str = Field(examples=["bozhou"])
    last_day: date = Field(description="Last day that has a value.")
    revision: int
    status: str = Field(description="trial or official.")
    headline: str = Field(description="The composite of the last day, as published.", examples=["1025.0000"])
    input_digest: str = Field(description="SHA-256 of the bundle of inputs.")
    values_digest: str = Field(description="SHA-256 over all values.")
    method_digest: str = Field(description="SHA-256 of the family's text.")
    statement_id: str = Field(description="Statement in the log: its receipt proves all of the above.")


class NoticeEvent(Event):
    """A correction notice 更正公告 became public."""

    type: Literal["index.notice"]
    notice: str = Field(examples=["bozhou-n1"])
    release: str
    family: str
    level: str
    node: str
    first_day: date
    last_day: date
    wrong: str | None
    corrected: str | None
    values_changed: int
    statement_id: str


class StandingEvent(Event):
    """A family's standing was declared."""

    type: Literal["index.standing"]
    family: str
    standing: str = Field(description="draft, trial, official, suspended or terminated.")
    statement_id: str


class ForecastEvent(Event):
    """A forecast was committed, before its targets."""

    type: Literal["forecast.made"]
    forecast: str = Field(examples=["bozhou-week-7"])
    family: str
    frequency: str = Field(description="week or month.")
    release: str = Field(description="The release it was made from.")
    origin_day: date
    first_target: date
    last_target: date
    series: int = Field(description="Nodes forecast.")
    rows_digest: str = Field(description="SHA-256 over all rows.")
    method_digest: str = Field(description="SHA-256 of the method's text.")
    statement_id: str = Field(description="Statement in the log: its receipt proves all of the above.")


class TestEvent(Event):
    """Nothing happened: an endpoint's owner asked for a trial."""

    type: Literal["webhook.test"]


def release_event(row: ReleaseRow, base_url: str) -> ReleaseEvent:
    """Return the event of a published release."""
    return ReleaseEvent(
        type="release.revised" if row.revision else "release.published",
        timestamp=local(row.published_ms, 0),
        url=f"{base_url}/v1/releases/{row.release_id}",
        release=row.release_id,
        family=row.family,
        last_day=day_of(row.last_day),
        revision=row.revision,
        status=row.status,
        headline=rounded(Decimal(row.headline), row.kept),
        input_digest=row.bundle_sha256,
        values_digest=row.values_sha256,
        method_digest=row.method_sha256,
        statement_id=row.statement_id,
    )


def notice_event(row: NoticeRow, base_url: str) -> NoticeEvent:
    """Return the event of a correction notice; its reason stands where `url` leads."""
    return NoticeEvent(
        type="index.notice",
        timestamp=local(row.at_ms, 0),
        url=f"{base_url}/v1/index-notices?release={row.release_id}",
        notice=row.notice_id,
        release=row.release_id,
        family=row.family,
        level=row.level,
        node=row.node,
        first_day=day_of(row.first_day),
        last_day=day_of(row.last_day),
        wrong=row.wrong,
        corrected=row.corrected,
        values_changed=row.values_changed,
        statement_id=row.statement_id,
    )


def standing_event(row: StandingRow, base_url: str) -> StandingEvent:
    """Return the event of a declared standing; its reason stands where `url` leads."""
    return StandingEvent(
        type="index.standing",
        timestamp=local(row.at_ms, 0),
        url=f"{base_url}/v1/families/{row.family}/standing",
        family=row.family,
        standing=row.standing,
        statement_id=row.statement_id,
    )


def forecast_event(row: ForecastRow, base_url: str) -> ForecastEvent:
    """Return the event of a stored forecast; its rows stand where `url` leads."""
    return ForecastEvent(
        type="forecast.made",
        timestamp=local(row.made_ms, 0),
        url=f"{base_url}/v1/forecasts/{row.forecast_id}",
        forecast=row.forecast_id,
        family=row.family,
        frequency=row.frequency,
        release=row.release_id,
        origin_day=day_of(row.origin_day),
        first_target=day_of(row.first_target),
        last_target=day_of(row.last_target),
        series=row.series,
        rows_digest=row.rows_sha256,
        method_digest=row.method_sha256,
        statement_id=row.statement_id,
    )
