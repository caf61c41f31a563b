"""A station whose prices rose in a quarter, so that rules warn: one herb of one class, in two sources."""

from datetime import date, timedelta

from api.index_runs import publish_run
from api.quoted_names import known_names
from api.station import Station
from priceindex.calendar import day_number
from priceindex.intake.taking_in import take_in_body
from priceindex.warning.alerts.happenings import Warned
from priceindex.warning.alerts.warning_store import Asking, open_warnings

FIRST_DAY, LAST_DAY = date(2025, 1, 1), date(2025, 6, 27)
"""The last is a Friday."""
RISE = date(2025, 5, 1)
DAY_MS = 86_400_000
NOON_MS = day_number(LAST_DAY) * DAY_MS + 4 * 3_600_000
"""Noon in China on the last day."""
HEADINGS = "herb,spec,origin,market,date,price_yuan_per_kg"


def publish_risen(station: Station, *, risen: str = "52.0", source: str = "fair") -> str:
    """Publish half a year in which 白芍 went from 40 yuan to `risen` on 1 May; returns the release."""
    station.clock = lambda: NOON_MS
    days = [FIRST_DAY + timedelta(days=number) for number in range((LAST_DAY - FIRST_DAY).days + 1)]
    lines = [HEADINGS]
    for day in days:
        lines.append(f"白芍,统,安徽,亳州,{day},{risen if day >= RISE else '40.0'}")
        lines.append(f"当归,统,甘肃,亳州,{day},100.0")
    take_in(station, lines, source)
    return publish_run(station, "bozhou", LAST_DAY).release_id


def take_in(station: Station, lines: list[str], source: str) -> None:
    """Take quotes in under the name of a source."""
    body = "\n".join(lines).encode() + b"\n"
    station.writer.submit(
        lambda session: take_in_body(
            session, body, "quotes.csv", source, station.clock(), known=known_names(), proceed=False
        )
    )


def opened(station: Station, rule: str | None = None) -> list[Warned]:
    """The open warnings, regulators' too."""
    with station.database.read() as session:
        return open_warnings(session, Asking(regulator=True, rule=rule))
