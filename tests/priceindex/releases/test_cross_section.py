"""A cross-section says of every node what reading each series by itself says."""

from dataclasses import replace

from sqlmodel import Session

from priceindex import service
from priceindex.calendar import day_number
from priceindex.classification import Level
from priceindex.releases.cross_section import NodeObservation, Section, cross_section, stored_values
from priceindex.releases.observations import Observation
from tests.priceindex.releases.issuing import DAY_MS, UNTIL, computed, correct, publish, published
from tests.priceindex.small_market import NOW_MS, SmallMarket, day

LATER_MS = NOW_MS + DAY_MS
SECTION = Section(family="bozhou", ordinal=2, frequency="day")
CORRECTED = day("2025-03-20")


def published_twice(market: SmallMarket) -> None:
    published(market)
    correct(market, 8100, "2025-03-20", LATER_MS)
    publish(market, computed(market, LATER_MS), LATER_MS)


def by_node(found: list[NodeObservation]) -> dict[tuple[Level, str], list[Observation]]:
    told: dict[tuple[Level, str], list[Observation]] = {}
    for each in found:
        told.setdefault((each.level, each.node), []).append(each.observation)
    return told


def nodes(session: Session) -> list[tuple[Level, str]]:
    release = service.latest(session, "bozhou")
    assert release is not None
    return [(line.level, line.node) for line in service.nodes(session, release.release_id)]


def test_the_whole_section_is_every_series(market: SmallMarket) -> None:
    published_twice(market)
    with market.read() as session:
        found = by_node(cross_section(session, SECTION, as_of_ms=LATER_MS))
        assert found == {
            (level, node): service.observations(session, "bozhou", level, node, "day", as_of_ms=LATER_MS)
            for level, node in nodes(session)
        }


def test_an_earlier_vintage_is_what_was_public_then(market: SmallMarket) -> None:
    published_twice(market)
    with market.read() as session:
        found = by_node(cross_section(session, replace(SECTION, ordinal=1), as_of_ms=NOW_MS))
        assert found == {
            (level, node): service.observations(session, "bozhou", level, node, "day", as_of_ms=NOW_MS)
            for level, node in nodes(session)
        }


def test_levels_nodes_and_days_narrow_it(market: SmallMarket) -> None:
    published_twice(market)
    days = [day_number(UNTIL), day_number(UNTIL) - 3]
    with market.read() as session:
        section = replace(SECTION, levels=(Level.HERB,), node="白芍", days=days)
        found = cross_section(session, section, as_of_ms=LATER_MS)
        assert [day_number(each.observation.point.day) for each in found] == sorted(days)
        assert {(each.level, each.node) for each in found} == {(Level.HERB, "白芍")}
        bounded = replace(SECTION, levels=(Level.HERB,), first=days[1], last=days[0] - 1)
        assert {
            day_number(each.observation.point.day)
            for each in cross_section(session, bounded, as_of_ms=LATER_MS)
        } == set(range(days[1], days[0]))


def test_history_has_every_vintage_and_after_only_the_later_ones(market: SmallMarket) -> None:
    published_twice(market)
    with market.read() as session:
        on_day = replace(SECTION, levels=(Level.COMPOSITE,), days=[day_number(CORRECTED)])
        every = cross_section(session, replace(on_day, history=True), as_of_ms=LATER_MS)
        assert [each.observation.vintage for each in every] == [1, 2]
        later = cross_section(session, replace(SECTION, after=1), as_of_ms=LATER_MS)
        assert by_node(later) == {
            key: changed
            for key in nodes(session)
            if (
                changed := service.observations(
                    session, "bozhou", *key, "day", as_of_ms=LATER_MS, since_ms=NOW_MS
                )
            )
        }


def test_what_would_be_read_is_counted_without_reading_it(market: SmallMarket) -> None:
    published_twice(market)
    with market.read() as session:
        every = cross_section(session, replace(SECTION, history=True), as_of_ms=LATER_MS)
        assert stored_values(session, SECTION) == len(every)
