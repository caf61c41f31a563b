"""What happened beside the seasons is drawn whole, is plainly invented, and is missed when it is gone."""

import contextlib
import re
import sqlite3

from api.station import Station
from daodi_city.checks import run_checks
from daodi_city.city import City
from daodi_city.faults import FaultKind
from daodi_city.papers import LAPSED_ON
from daodi_city.rebuilt_check import rebuilt
from trace.vocabulary import Stage

HIDING = {
    "UPDATE trace_hold SET lifted_ms = 1 WHERE kind = 'recall'": "planted fault found: recalled pack",
    "DELETE FROM trace_correction": "planted fault found: wrong weight, corrected",
    "UPDATE trace_code_run SET status = 'printed' WHERE status = 'spoiled'": (
        "planted fault found: scan of a spoiled label"
    ),
    "UPDATE trace_score SET score = score + 1 WHERE period = '2025'": "scores follow from their evidence",
    "UPDATE trace_hold SET lifted_statement = NULL WHERE kind = 'lot'": "a hold was lifted by two",
    "DELETE FROM trace_trade_unit": "coverage is honestly below 100 %",
    "UPDATE trace_lot SET herb = '白芍' WHERE herb = '当归'": "the medicine traces back to each herb",
    "UPDATE price_quote SET status = 'accepted' WHERE status = 'quarantined'": (
        "prices in the wrong unit were set aside"
    ),
    "DELETE FROM price_name_review": "an unknown name waits for a person",
    "UPDATE price_quote SET collector = NULL WHERE source = 'demo-collectors'": (
        "collectors' forms bear a good signature"
    ),
    "UPDATE price_release SET sealed_statement = NULL WHERE sealed_statement IS NOT NULL": (
        "official releases took two and kept their moment"
    ),
    "DELETE FROM price_notice": "a correction has its notice, a complaint its answer",
    "DELETE FROM price_quote WHERE source = 'traced-trades'": "trades stand beside quotes",
    "DELETE FROM trace_scan_mark": "planted fault found: copied code",
} | {
    f"DELETE FROM trace_finding WHERE rule = '{rule}'": f"planted fault found: {fault}"  # noqa: S608  no input
    for rule, fault in (
        ("licence.expired", "trade under a lapsed licence"),
        ("sensor.too_warm", "store warmer than the rule"),
        ("geofence.outside", "work off its field"),
        ("paozhi.excipient_ratio", "too little excipient"),
        ("order.untraced", "old stock without a past"),
    )
}
"""What hides a fault, or alters what was done, and the check that must fail then."""


def _alter(station: Station, statement: str) -> None:
    path = station.settings.folder / "daodi.sqlite"
    with contextlib.closing(sqlite3.connect(path)) as connection, connection:
        assert connection.execute(statement).rowcount > 0


def _failed(city: City, station: Station) -> list[str]:
    return [outcome.name("en") for outcome in run_checks(city, station) if not outcome.passed]


def test_every_act_lies_between_the_city_s_founding_and_its_last_evening(city: City) -> None:
    assert len(city.chapters.acts) > 25
    assert all(city.founded_ms <= act.at_ms <= city.now_ms for act in city.chapters.acts)


def test_packs_named_by_a_step_are_packs_that_were_made(city: City) -> None:
    packs = {lot.lot: lot.packs for lot in city.packed}
    picked = [dated.picked for dated in (*city.chapters.steps, *city.refused) if dated.picked]
    assert {step.step.stage for step in city.chapters.steps if step.picked} >= {
        Stage.NEST, Stage.SHIP, Stage.RECEIVE, Stage.SALE, Stage.DISPENSE, Stage.RETURN, Stage.DESTROY,
    }  # fmt: skip
    assert all(each.first + each.count <= packs[each.lot] for each in picked if each.lot)
    assert all(box < city.chapters.boxes.count for each in picked for box in each.boxes)


def test_every_party_that_needs_a_licence_has_one_and_one_has_run_out(city: City) -> None:
    makers = {each.uscc for each in (*city.citizens.slice_makers, city.citizens.drug_maker)}
    users = {each.uscc for each in city.citizens.users}
    assert makers | users <= {uscc for uscc, _ in city.papers.licences}
    lapsed = [(uscc, new.valid_until) for uscc, new in city.papers.licences if new.valid_until == LAPSED_ON]
    assert lapsed == [(city.citizens.lapsed.uscc, LAPSED_ON)]


def test_papers_say_that_they_are_examples(city: City) -> None:
    papers = city.papers
    assert all(
        new.number.startswith("示例-") and new.issuer.startswith("示例·") for _, new in papers.licences
    )
    assert all(unit.name.startswith("示例·") and "虚构" in unit.source for unit in papers.trade)
    assert all(re.fullmatch(r"DEM-\d\d", somebody.staff) for _, somebody in papers.staff)


def test_amounts_and_prices_stand_only_in_fields_that_are_not_public(city: City) -> None:
    settled = [dated.step for dated in city.steps if dated.step.stage is Stage.SETTLEMENT]
    assert all("amount_fen" in step.fields for step in settled)
    assert settled


def test_the_city_s_tables_are_rebuilt(station: Station) -> None:
    assert rebuilt(station).passed


def test_a_changed_weight_fails_the_rebuilding(station: Station) -> None:
    _alter(station, "UPDATE trace_lot SET grams_in = grams_in + 1 WHERE lot_id = 'HZS-25A-MIX'")
    told = rebuilt(station)
    assert not told.passed
    assert "trace_lot" in told.figures("en")


def test_a_log_that_cannot_be_read_fails_the_rebuilding(station: Station) -> None:
    changed = "CAST(replace(CAST(leaf AS TEXT), 'lot/', 'lat/') AS BLOB)"
    _alter(station, f"UPDATE ledger_entry SET leaf = {changed}")  # noqa: S608  no input
    assert not rebuilt(station).passed


def test_what_hides_faults_or_alters_what_was_done_fails_their_checks(city: City, station: Station) -> None:
    for statement in HIDING:
        _alter(station, statement)
    failed = _failed(city, station)
    assert [check for check in HIDING.values() if check not in failed] == []
    assert len(failed) < len(run_checks(city, station)) / 2  # the others still pass


def test_a_fault_of_every_kind_is_looked_for(city: City) -> None:
    assert {fault.kind for fault in city.faults} == set(FaultKind)
