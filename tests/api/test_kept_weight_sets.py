"""A kept run never goes on with weights that are no longer the ones asked for."""

import dataclasses
from collections.abc import Iterator

import pytest

from api.kept_runs import Asked, KeptRuns
from priceindex.engine.weights import GradeTurnover, WeightSet
from priceindex.families import family
from priceindex.intake.taking_in import take_in
from priceindex.releases.series import digest
from priceindex.service import IndexRun
from tests.priceindex.small_market import CLASS_OF, KNOWN, NOW_MS, SmallMarket, daily, day

TEXT = family("herbs-entered")


@pytest.fixture
def market(sqlite_url: str) -> Iterator[SmallMarket]:
    """Two herbs quoted daily through 2025-03-12, of which one doubles in March."""
    made = SmallMarket(sqlite_url)
    with made.write() as session:
        take_in(session, daily([800] * 71, "2025-01-01"), "test", NOW_MS, known=KNOWN)
        risen = [500] * 59 + [510 + 10 * place for place in range(12)]
        take_in(session, daily(risen, "2025-01-01", "茯苓", grade="丁"), "test", NOW_MS, known=KNOWN)
    yield made
    made.engine.dispose()


def weights(first: int, second: int) -> tuple[WeightSet, ...]:
    """One set entered for 2025."""
    lines = (GradeTurnover("白芍", "统", first), GradeTurnover("茯苓", "丁", second))
    begins = day("2025-01-01")
    return (
        WeightSet(
            rule="entered", source="a survey", first=begins, last=day("2025-12-31"), effective=begins,
            lines=lines,
        ),
    )  # fmt: skip


def asked(until: str, sets: tuple[WeightSet, ...]) -> Asked:
    return Asked(
        family=TEXT,
        class_of=CLASS_OF,
        until=day(until),
        as_of_ms=NOW_MS,
        weight_sets=sets,
        themes={},
        source_weights={},
        sets_known=lambda _: sets,
    )


def computed(market: SmallMarket, kept: KeptRuns, one: Asked) -> IndexRun:
    with market.read() as session:
        return kept.compute(session, one)


def test_a_new_weight_set_is_a_full_run_with_the_new_weights(market: SmallMarket) -> None:
    old, new, kept = weights(900, 100), weights(100, 900), KeptRuns()
    computed(market, kept, asked("2025-03-11", old))
    found = computed(market, kept, asked("2025-03-12", new))
    full = computed(market, KeptRuns(), asked("2025-03-12", new))
    assert found.bundle == full.bundle
    assert digest(found.all_series()) == digest(full.all_series())
    stale = computed(market, KeptRuns(), asked("2025-03-12", old))
    assert digest(found.all_series()) != digest(stale.all_series())


def test_another_class_theme_or_text_is_a_full_run_too(market: SmallMarket) -> None:
    sets = weights(900, 100)
    first, last = asked("2025-03-11", sets), asked("2025-03-12", sets)
    changed = (
        dataclasses.replace(last, class_of={**CLASS_OF, "茯苓": "root"}),
        dataclasses.replace(last, family=dataclasses.replace(TEXT, aggregation_order=0)),
    )
    for other in changed:
        kept = KeptRuns()
        computed(market, kept, first)
        found, full = computed(market, kept, other), computed(market, KeptRuns(), other)
        assert digest(found.all_series()) == digest(full.all_series())
