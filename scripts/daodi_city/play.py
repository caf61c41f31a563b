"""The demo from beginning to end: draw the city, load it once, check it, serve it."""

import time
from dataclasses import dataclass
from pathlib import Path

from sqlmodel import func, select

from api.founding import found
from api.station import Station
from daodi_city.addresses import addresses_of
from daodi_city.behaviour import measure
from daodi_city.checks import run_checks
from daodi_city.city import City, build
from daodi_city.errors import ChecksFailed
from daodi_city.folder import FIRST_PORT, DemoFolder, free_port
from daodi_city.load import load, releases
from daodi_city.rebuilt_check import rebuilt
from daodi_city.screen import Screen
from daodi_city.stories import told_of
from daodi_city.town import CityClock
from daodi_city.visitor_checks import look_at_visitors
from daodi_city.visitors import FILE, visitors_of
from ledger import log
from ledger.errors import Language
from priceindex.tables import QuoteRow
from trace.tables import FindingRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What whoever runs the demo asked for."""

    seed: int
    small: bool
    folder: Path
    fresh: bool
    port: int | None
    language: Language


def dry_run(wishes: Wishes) -> None:
    """Draw the city in memory and print what it holds; nothing is written anywhere."""
    screen, city = Screen(wishes.language), build(wishes.seed, small=wishes.small)
    screen.say("title")
    screen.counts(city, {})
    screen.behaviour(measure(city.panel))
    screen.stories(told_of(city.panel.herbs))
    screen.say("dry")


def check(wishes: Wishes) -> None:
    """Load the city if need be and run every check; raises `ChecksFailed`."""
    screen, city = Screen(wishes.language), build(wishes.seed, small=wishes.small)
    screen.say("title")
    folder = _loaded(wishes, city, screen)
    clock = CityClock(city.now_ms)
    with Station.open(folder.settings(), clock=clock, background=False) as station:
        screen.counts(city, _in_the_database(station))
        outcomes = (*run_checks(city, station), *look_at_visitors(station), rebuilt(station))
    screen.behaviour(measure(city.panel))
    screen.stories(told_of(city.panel.herbs))
    screen.outcomes(outcomes)
    failed = [outcome for outcome in outcomes if not outcome.passed]
    if failed:
        names = "; ".join(outcome.name(wishes.language) for outcome in failed)
        raise ChecksFailed(count=len(failed), names=names)
    screen.say("all.passed", count=len(outcomes))


def show(wishes: Wishes, *, serve: bool) -> None:
    """Load the city if need be, print the addresses to open, and serve until interrupted."""
    screen, city = Screen(wishes.language), build(wishes.seed, small=wishes.small)
    screen.say("title")
    folder = _loaded(wishes, city, screen)
    port = free_port(wishes.port)
    settings = folder.settings(port)
    with Station.open(settings, clock=CityClock(city.now_ms), background=False) as station:
        screen.counts(city, _in_the_database(station))
        addresses = addresses_of(city, station, settings.base_url)
    screen.addresses(addresses)
    screen.visitors(visitors_of(folder.path), f"{settings.base_url}/sign-in", folder.path / FILE)
    if serve:
        from api.serving import serve as serve_settings

        serve_settings(settings)
        screen.say("ended")


def _loaded(wishes: Wishes, city: City, screen: Screen) -> DemoFolder:
    """Return the folder with this very city in it, loading it when it is not there whole."""
    folder = DemoFolder(wishes.folder)
    folder.require_idle()
    if folder.holds(city) and not wishes.fresh:
        screen.say("reuse", folder=wishes.folder)
        return folder
    started = time.monotonic()
    folder.clear()
    folder.begin(city)
    clock = CityClock(city.founded_ms)
    settings = folder.settings(wishes.port or FIRST_PORT)
    found(settings, clock)
    clock.now_ms = city.now_ms
    with Station.open(settings, clock=clock, background=False) as station:
        load(city, station, clock, screen)
    folder.finish(city)
    screen.say("loaded", seconds=time.monotonic() - started)
    return folder


def _in_the_database(station: Station) -> dict[str, int]:
    with station.database.read() as session:
        entries = log.checkpoint(session).size
        findings = session.exec(select(func.count()).select_from(FindingRow)).one()
        quotes = session.exec(select(func.count()).select_from(QuoteRow)).one()
    return {
        "quotes": quotes,
        "entries": entries,
        "findings": findings,
        "releases": len(releases(station)),
    }
