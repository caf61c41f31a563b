"""What is public of a node's forecasts at a moment, arranged for the pages; drawn once, then kept.

A view is kept under everything it is made of: the forecast and the newest run beside it, the release whose
values are drawn, the language. It can be old, never wrong. Whether the run is what the log holds is looked at
every time, and said where it is not.
"""

from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from sqlmodel import Session

from api.publication.overview import family_of, finest, index_name
from api.web.earlier_forecasts import earlier_of, targets_of
from api.web.fan_drawing import Past
from api.web.forecast_page import ForecastView, forecast_view
from api.web.index_page import Chosen, base_words
from api.web.kept import Kept
from api.web.node_names import node_name
from api.web.words import Words
from priceindex import service
from priceindex.calendar import day_number, day_of
from priceindex.classification import Level
from priceindex.forecast.method import ForecastFrequency
from priceindex.forecast.track import reading
from priceindex.forecast.track.reading import NodeForecast
from priceindex.forecast.track.shown_runs import faults_of_shown
from priceindex.forecast.track.track_errors import ForecastUnreadable, NoForecastYet
from priceindex.releases.observations import observations
from priceindex.releases.release import Release
from priceindex.releases.series import last_days


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedForecast:
    """Which forecast a reader looks at."""

    level: Level
    node: str
    frequency: ForecastFrequency
    forecast_id: str | None = None
    """None: the newest."""
    target: date | None = None
    """The day whose forecasts are told one after another; None: the first target."""


_views: Kept[tuple[str, str, str, AskedForecast, str], ForecastView] = Kept(limit=64)


def view_of(
    session: Session, release: Release, asked: AskedForecast, words: Words, *, as_of_ms: int
) -> ForecastView:
    """Return the forecast asked for beside what `release` published.

    Raises `NoForecastYet`, `ForecastUnreadable`.
    """
    found = chosen_forecast(session, release.family, asked, as_of_ms=as_of_ms)
    [newest] = reading.runs(
        session, as_of_ms=as_of_ms, family=release.family, frequency=asked.frequency, limit=1
    )
    key = (found.forecast.rows_sha256, newest.rows_sha256, release.values_sha256, asked, words.language)
    view = _views.get(key, lambda: _made(session, release, asked, found, words, as_of_ms))
    faults = faults_of_shown(session, found.forecast)
    return replace(view, faults=tuple(fault.message(words.language) for fault in faults))


def forecast_beside(
    session: Session, release: Release, chosen: Chosen, words: Words, *, as_of_ms: int
) -> ForecastView | None:
    """Return the forecast a release's page shows of a node; None where there is none that can be read.

    It is the one made from that very release; on the newest release's page the family's newest.
    """
    frequency: ForecastFrequency = "month" if chosen.frequency == "month" else "week"
    own = {each.frequency: each for each in reading.runs_of_release(session, release.release_id)}
    newest = service.latest(session, release.family, public_at_ms=as_of_ms)
    if frequency not in own and (newest is None or newest.release_id != release.release_id):
        return None
    asked = AskedForecast(
        level=chosen.level,
        node=chosen.node,
        frequency=frequency,
        forecast_id=own[frequency].forecast_id if frequency in own else None,
    )
    try:
        return view_of(session, release, asked, words, as_of_ms=as_of_ms)
    except (NoForecastYet, ForecastUnreadable):
        return None


def chosen_forecast(session: Session, family: str, asked: AskedForecast, *, as_of_ms: int) -> NodeForecast:
    """Return one node of the run that is named, or of the newest.

    Raises `NoForecastYet`, `ForecastUnreadable`.
    """
    place = (family, asked.level, asked.node, asked.frequency)
    if asked.forecast_id is None:
        return reading.newest(session, *place, as_of_ms=as_of_ms)
    known = {
        each.forecast_id
        for each in reading.all_runs(session, family, asked.frequency)
        if each.made_ms <= as_of_ms
    }
    found = None
    if asked.forecast_id in known:
        found = reading.of_run(session, asked.forecast_id, asked.level, asked.node)
    if found is None:
        raise NoForecastYet.of(family, str(asked.level), asked.node, asked.frequency)
    return found


def _made(
    session: Session, release: Release, asked: AskedForecast, found: NodeForecast, words: Words, as_of_ms: int
) -> ForecastView:
    family = family_of(release)
    frequency = finest(family)
    told = observations(
        session, release.family, asked.level, asked.node, frequency, as_of_ms=release.published_ms
    )
    ends = last_days(frequency, np.array([day_number(each.point.day) for each in told], dtype=np.int64))
    past: list[Past] = [(day_of(int(end)), each.point.value) for end, each in zip(ends, told, strict=True)]
    name = node_name(asked.level, asked.node, words.language)
    if asked.level is Level.COMPOSITE:
        name = index_name(release, words.language)
    said = (name, base_words(family, told, words))
    run = reading.told(session, found.forecast.forecast_id)
    view = forecast_view(found, run, _group(session, found), past, said, words)
    targets = targets_of(found)
    target = asked.target if asked.target in targets else targets[0]
    vintages = reading.vintages(
        session, release.family, asked.level, asked.node, asked.frequency, as_of_ms=as_of_ms, target=target
    )
    return view.beside(earlier_of(vintages, target, targets, past, said, words))


def _group(session: Session, found: NodeForecast) -> str:
    """Return the group the gate judged a node with (`priceindex.forecast.nodes_on_grid.group_name`)."""
    series = found.series
    if series.level in (Level.COMPOSITE, Level.CLASS) or series.parent is None:
        return str(series.level)
    if series.level is Level.HERB:
        return f"{series.level}/{series.parent}"
    herbs = reading.series(session, found.forecast.forecast_id, Level.HERB)
    parent = next((each.parent for each in herbs if each.node == series.parent), None)
    return f"{series.level}/{parent or series.parent}"
