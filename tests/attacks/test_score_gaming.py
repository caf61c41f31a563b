"""Parties that would look better than they are: by splitting, by silence, by noise, by new lot ids."""

from collections.abc import Iterator

import pytest
from sqlmodel import Session

from tests.trace.season import DAY, GROWER, MAKER, PHARMACY, at, lot, step, white_peony
from tests.trace.supervised import AFTER, REGULATOR, SEASON, party, supervised, take
from trace.integrity.evidence import summed
from trace.integrity.formula import Score, score
from trace.integrity.gathering import evidence_of, gather
from trace.service import Recorder
from trace.steps import StepNew
from trace.supervision.trade_register import TradeUnitNew, enter

Seasoned = tuple[Session, Recorder]


@pytest.fixture
def season() -> Iterator[Seasoned]:
    with supervised("sqlite://") as (session, by):
        take(session, by, white_peony())
        yield session, by


def own(stage: str, day: int, place: str, **rest: object) -> StepNew:
    """A step at a place that is none of the season's."""
    if stage == "gathering":
        rest["fields"] = {"area_name": "后山"}
    return step(stage, day, **rest).model_copy(update={"place": place})


def scored(session: Session, uscc: str) -> Score:
    return score(summed(evidence_of(session, [uscc], SEASON)[uscc]))


def points(found: Score, component: str) -> int:
    return next(part.points for part in found.parts if part.component.name == component)


def herb(
    session: Session, by: Recorder, name: str, day: int, *, owner: str, place: str, late: int = 0
) -> None:
    """Wild herb of 100 kg, gathered, dried, tested and packed by one party; recorded `late` days late."""
    steps = [
        own("gathering", day, place, party=owner, outputs=[lot(f"{name}-F", 300_000, "白芍")]),
        own(
            "primary_processing", day, place, party=owner, minute=1, inputs=[lot(f"{name}-F")],
            outputs=[lot(name, 100_000, grade="统")], fields={"method": "晒干", "drying": "晒干"},
        ),
        own(
            "test", day, place, party=owner, minute=2, lots=[lot(name)], fields={"report_number": name},
            results=[{"measurand": "二氧化硫残留量", "value": "20", "unit": "mg/kg"}],
        ),
        own(
            "sale", day, place, party=owner, minute=3, lots=[lot(name, 100_000)],
            fields={"price_fen_per_kg": 9},
        ),
    ]  # fmt: skip
    for each in steps:
        by.record_step(session, each, at(day + late))


def test_selling_the_same_goods_again_and_again_counts_them_once(season: Seasoned) -> None:
    session, by = season
    before = evidence_of(session, [PHARMACY], SEASON)[PHARMACY]
    for number in range(12):
        by.record_step(
            session,
            step(
                "sale",
                920,
                "COUNTER",
                minute=number,
                lots=[lot("YP-1", 1_000)],
                fields={"price_fen_per_kg": 9},
            ),
            at(921),
        )
    after = evidence_of(session, [PHARMACY], SEASON)[PHARMACY]
    assert after.shares["tests"] == before.shares["tests"]
    assert after.weight == before.weight


def test_much_harmless_field_work_does_not_thin_out_a_late_step(season: Seasoned) -> None:
    session, by = season
    owner, place = party(session, by, 1)
    herb(session, by, "LATE", 880, owner=owner, place=place, late=20)
    before = scored(session, owner)
    assert points(before, "timeliness") < 75
    by.record_step(
        session,
        own("planting", 885, place, party=owner, outputs=[lot("P", herb="白芍")], fields={"area_mu": "1"}),
        at(885),
    )
    for number in range(30):
        work = own(
            "field_work", 886, place, party=owner, minute=number, lots=[lot("P")], fields={"work": "除草"}
        )
        by.record_step(session, work, at(886))
    assert scored(session, owner) == before


def test_a_new_lot_id_does_not_wash_a_fault_off(season: Seasoned) -> None:
    session, by = season
    owner, place = party(session, by, 2)
    herb(session, by, "OLD", 880, owner=owner, place=place, late=20)
    by.record_step(
        session, own("gathering", 881, place, party=owner, outputs=[lot("G", 300_000, "白芍")]), at(901)
    )
    by.record_step(
        session,
        own(
            "split",
            901,
            place,
            party=owner,
            inputs=[lot("G")],
            outputs=[lot("G1", 100_000), lot("G2", 200_000)],
        ),
        at(901),
    )
    by.record_step(
        session,
        own(
            "merge",
            901,
            place,
            party=owner,
            minute=1,
            inputs=[lot("G1"), lot("G2")],
            outputs=[lot("G3", 300_000)],
        ),
        at(901),
    )
    by.record_step(
        session,
        own("ship", 901, place, party=owner, minute=2, lots=[lot("G3")], counterparty=MAKER),
        at(901),
    )
    found = evidence_of(session, [owner], SEASON)[owner]
    assert found.shares["timeliness"].good == 0


def test_not_recording_a_test_is_no_better_than_recording_a_failed_one(season: Seasoned) -> None:
    """Goods nobody tested count like goods that failed, so silence about a bad result wins nothing."""
    session, by = season
    shares = []
    for number, value in ((3, "999"), (4, None)):
        owner, place = party(session, by, number)
        name = f"T{number}"
        by.record_step(
            session, own("gathering", 900, place, party=owner, outputs=[lot(name, 100_000, "白芍")]), at(900)
        )
        if value is not None:
            result = [{"measurand": "二氧化硫残留量", "value": value, "unit": "mg/kg"}]
            by.record_step(
                session,
                own(
                    "test",
                    900,
                    place,
                    party=owner,
                    minute=1,
                    lots=[lot(name)],
                    fields={"report_number": name},
                    results=result,
                ),
                at(900),
            )
        by.record_step(
            session,
            own("ship", 900, place, party=owner, minute=2, lots=[lot(name)], counterparty=MAKER),
            at(900),
        )
        shares.append(evidence_of(session, [owner], SEASON)[owner].shares["tests"])
    assert shares[0] == shares[1]
    assert shares[0].good == 0


def test_silence_gives_no_more_than_three_stars(season: Seasoned) -> None:
    session, by = season
    owner, _ = party(session, by, 5)
    assert scored(session, owner).stars == 3
    assert scored(session, owner).thousandths < scored(session, MAKER).thousandths


def test_a_firm_split_in_a_clean_and_a_dirty_one_is_one_unit_once_the_register_says_so(
    season: Seasoned,
) -> None:
    session, by = season
    clean, clean_place = party(session, by, 6)
    dirty, dirty_place = party(session, by, 7)
    for number in range(3):
        herb(session, by, f"C{number}", 880 + 8 * number, owner=clean, place=clean_place)
        herb(session, by, f"D{number}", 880 + 8 * number, owner=dirty, place=dirty_place, late=20)
    apart = {uscc: score(summed(found)) for uscc, _, found in gather(session, SEASON)}
    assert apart[clean].thousandths > apart[dirty].thousandths
    unit = TradeUnitNew.model_validate(
        {
            "unit": "D", "kind": "firm", "name": "同一家", "division": "341602", "node_type": "slice_maker",
            "since": "2026-01-01", "uscc": clean, "controlled_by": dirty, "source": "核查",
        }
    )  # fmt: skip
    enter(session, by.declarer, unit, REGULATOR, AFTER)
    joint = {uscc: (unit, score(summed(found))) for uscc, unit, found in gather(session, SEASON)}
    assert joint[clean] == joint[dirty]
    assert joint[clean][0] == dirty
    assert apart[dirty].thousandths <= joint[clean][1].thousandths < apart[clean].thousandths


def test_nobody_confirms_his_own_shipments(season: Seasoned) -> None:
    """Shipped and never received: the receiver's word is missing, whatever the sender writes."""
    session, by = season
    owner, place = party(session, by, 8)
    by.record_step(
        session, own("gathering", 900, place, party=owner, outputs=[lot("S", 50_000, "白芍")]), at(900)
    )
    by.record_step(
        session, own("ship", 901, place, party=owner, lots=[lot("S")], counterparty=GROWER), at(901)
    )
    assert evidence_of(session, [owner], SEASON)[owner].shares["business"].good == 0


def test_waiting_for_the_next_period_washes_nothing_off(season: Seasoned) -> None:
    session, by = season
    owner, place = party(session, by, 9)
    by.record_step(
        session, own("gathering", 820, place, party=owner, outputs=[lot("W", 90_000, "白芍")]), at(850)
    )
    by.record_step(
        session, own("ship", 880, place, party=owner, lots=[lot("W")], counterparty=MAKER), at(880)
    )
    assert at(850) < SEASON.since_ms < at(880) + DAY
    assert evidence_of(session, [owner], SEASON)[owner].shares["timeliness"].good == 0
