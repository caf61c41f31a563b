"""What an index said at an earlier release beside what is published today: lines, and every revision."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from api.publication.overview import change
from api.web.chart_tables import VintageRow
from api.web.charts import Chart, draw_steps
from api.web.csv_body import csv_body
from api.web.formats import Formats
from api.web.pictures import Pictures, in_both_sizes
from api.web.words import Words
from priceindex.families import Family
from priceindex.releases.observations import Observation
from priceindex.releases.release import Release
from priceindex.releases.series import Frequency

HEADINGS = ("day", "then", "now", "revision_points", "then_release", "now_release")


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """One period whose value is another today than it was then."""

    day: date
    then: Decimal | None
    """None where nothing was published for it."""
    now: Decimal | None
    points: Decimal | None
    percent: Decimal | None
    release_id: str
    """The release that says today's value."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VintageView:
    """One node as of two releases, in one language."""

    picture: Pictures
    rows: tuple[VintageRow, ...]
    """Every period that either tells, oldest first."""
    table: tuple[VintageRow, ...]
    """What of them stands beside the drawing, newest first: of daily values the last of every month."""
    revisions: tuple[Revision, ...]
    """Newest first."""
    compared: int
    """Periods that both releases tell."""
    mean_absolute: Decimal | None
    """Mean absolute revision over them, in index points."""
    later: int
    """Periods that came after the earlier release."""
    then_last: Observation | None
    now_last: Observation


def vintage_view(
    then: Sequence[Observation],
    now: Sequence[Observation],
    family: Family,
    said: tuple[str, str, str],
    words: Words,
    frequency: Frequency,
) -> VintageView:
    """Lay two vintages of a node side by side; `said` are its name, its base and the earlier release."""
    name, base, release_id = said
    formats = Formats(words.language)
    found = revisions(then, now)
    both = {each.point.day for each in then} & {each.point.day for each in now}
    told = [abs(each.points) for each in found if each.points is not None]
    known = [each for each in now if each.point.value is not None]
    title = words("vintages.chart_title", name=name)
    described = words(
        "vintages.chart_description",
        release=release_id,
        count=formats.number(len(found)),
        compared=formats.number(len(both)),
    )
    chart = Chart(
        name="vintages",
        title=title,
        description=described,
        points=_points(now),
        beside=_points(then),
        base=float(family.level),
        base_label=words("index.base_line", level=formats.number(family.level)),
        revised=[each.day for each in found if each.now is not None],
        write_value=formats.number,
        write_day=formats.month,
    )
    rows = vintage_rows(then, now)
    last_then = [each for each in then if each.point.value is not None]
    return VintageView(
        picture=in_both_sizes(chart, draw_steps, (title, words("index.chart_unit", base=base), described)),
        rows=rows,
        table=_beside(rows, frequency),
        revisions=tuple(reversed(found)),
        compared=len(both),
        mean_absolute=sum(told, Decimal(0)) / len(both) if both else None,
        later=len({each.point.day for each in now} - both),
        then_last=last_then[-1] if last_then else None,
        now_last=known[-1],
    )


def vintage_rows(then: Sequence[Observation], now: Sequence[Observation]) -> tuple[VintageRow, ...]:
    """Return every period that either vintage tells with the value of each, oldest first."""
    before, after = ({each.point.day: each.point.value for each in told} for told in (then, now))
    return tuple((day, before.get(day), after.get(day)) for day in sorted({*before, *after}))


def _beside(rows: Sequence[VintageRow], frequency: Frequency) -> tuple[VintageRow, ...]:
    """Return the rows of the table: the last known of every month where the values are daily, else all."""
    known = [row for row in rows if row[1:] != (None, None)]
    last_of = {row[0].replace(day=1) if frequency == "day" else row[0]: row for row in known}
    return tuple(reversed(last_of.values()))


def revisions(then: Sequence[Observation], now: Sequence[Observation]) -> list[Revision]:
    """Return the periods that were told then and have another value now, oldest first."""
    today = {each.point.day: each for each in now}
    found = []
    for each in then:
        newer = today.get(each.point.day)
        before, after = each.point.value, None if newer is None else newer.point.value
        if before != after:
            found.append(
                Revision(
                    day=each.point.day,
                    then=before,
                    now=after,
                    points=None if before is None or after is None else after - before,
                    percent=change(after, before),
                    release_id=each.release_id if newer is None else newer.release_id,
                )
            )
    return found


def revisions_csv(found: Sequence[Revision], earlier: Release) -> bytes:
    """Return every revision since a release."""
    return csv_body(
        HEADINGS,
        (
            [each.day.isoformat(), each.then, each.now, each.points, earlier.release_id, each.release_id]
            for each in found
        ),
    )


def _points(told: Sequence[Observation]) -> list[tuple[date, float | None]]:
    return [(each.point.day, None if each.point.value is None else float(each.point.value)) for each in told]
