"""双随机: nobody chooses, nobody comes twice, the odds are the published ones, and anyone can check it."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import update
from sqlmodel import Session, col, select

from ledger.keyring.log_keys import fixed
from ledger.tables import PendingRow
from ledger.writing.sequencer import Sequencer
from trace.integrity import draws
from trace.integrity.draw_reading import draw
from trace.integrity.draw_verification import verify_draw
from trace.integrity.drawing import Candidate, commitment, list_digest, odds, pick
from trace.integrity.draws import DrawNew
from trace.integrity.integrity_errors import (
    DrawDone,
    DrawFalse,
    DrawNotOpenToChance,
    DrawTooEarly,
    EmptyDraw,
    NotByRegulator,
    SeedDiffers,
    UnknownDraw,
)
from trace.integrity.integrity_tables import DrawRow
from trace.integrity.scoring import score_period
from trace.service import Recorder

from .season import GROWER, ORIGIN, lot, operator_key, step, white_peony
from .supervised import AFTER, REGULATOR, SEASON, party, supervised, take

SEED, OTHER_SEED = bytes(range(32)), bytes(32)
candidates = st.lists(st.integers(1, 9_000), min_size=1, max_size=30).map(
    lambda weights: [Candidate(name=f"P{place}", weight=weight) for place, weight in enumerate(weights)]
)


@given(candidates, st.binary(min_size=32, max_size=32), st.integers(1, 30))
def test_nobody_is_drawn_twice_and_only_who_is_listed(
    listed: list[Candidate], seed: bytes, wanted: int
) -> None:
    count = min(wanted, len(listed))
    picks = pick(listed, listed, seed, bytes(32), count=count, inspectors_each=count)
    names = {each.name for each in listed}
    assert len({each.party for each in picks}) == len(picks) == count
    for each in picks:
        assert len(set(each.inspectors)) == count
        assert set(each.inspectors) <= names


@given(candidates, st.binary(min_size=32, max_size=32))
def test_the_same_seed_and_root_draw_the_same(listed: list[Candidate], seed: bytes) -> None:
    first, again = (pick(listed, listed, seed, bytes(32), count=1, inspectors_each=1) for _ in range(2))
    assert first == again


def test_the_odds_are_the_published_ones() -> None:
    """A score of 0 is five times likelier than a full one: 20,000 draws, within five standard deviations."""
    listed = [
        Candidate(name="good", weight=odds(1000, measure=False)),
        Candidate(name="bad", weight=odds(0, measure=False)),
    ]
    drawn = Counter(
        pick(listed, listed, SEED, number.to_bytes(32, "big"), count=1, inspectors_each=1)[0].party
        for number in range(20_000)
    )
    expected, deviation = 20_000 * 5 / 6, (20_000 * 5 / 36) ** 0.5
    assert abs(drawn["bad"] - expected) < 5 * deviation


@given(st.integers(0, 999), st.booleans())
def test_a_worse_score_has_higher_odds(score: int, measure: bool) -> None:
    assert odds(score, measure=measure) > odds(score + 1, measure=measure)
    assert odds(score, measure=True) == 2 * odds(score, measure=False)


@given(candidates)
def test_the_list_cannot_be_changed_under_its_digest(listed: list[Candidate]) -> None:
    changed = [*listed[:-1], Candidate(name=listed[-1].name, weight=listed[-1].weight + 1)]
    assert list_digest(listed, []) != list_digest(changed, []) != list_digest([], changed)


def test_more_than_are_listed_cannot_be_drawn() -> None:
    with pytest.raises(ValueError, match="2 of 1"):
        pick([Candidate(name="A", weight=1)], [], SEED, bytes(32), count=2, inspectors_each=0)


def announced(session: Session, by: Recorder, margin: int = 8, seed: bytes = SEED) -> str:
    new = DrawNew(
        period=SEASON.name,
        commitment=commitment(seed),
        inspectors=("J-01", "J-02", "J-03"),
        parties=2,
        margin=margin,
    )
    return draws.announce(session, by.declarer, new, REGULATOR, AFTER)


def scored(session: Session, by: Recorder) -> None:
    take(session, by, white_peony())
    score_period(session, by.declarer, SEASON, AFTER)


def drain(session: Session) -> None:
    """Integrate and sign all that waits, in this session."""

    session.commit()

    @contextmanager
    def write() -> Iterator[Session]:
        with Session(session.get_bind()) as opened, opened.begin():
            yield opened

    Sequencer(write, ORIGIN, fixed(operator_key())).drain()


def others_speak(session: Session, by: Recorder, times: int) -> None:
    for number in range(times):
        new = step(
            "seed",
            900,
            minute=number,
            outputs=[lot(f"S-{number}", 1_000, "白芍")],
            fields={"seed_source": "自购", "variety": "线条"},
        )
        by.record_step(session, new, AFTER)


def test_a_draw_announced_is_made_later_and_verified_from_the_log(database_url: str) -> None:
    with supervised(database_url) as (session, by):
        scored(session, by)
        draw_id = announced(session, by)
        drain(session)
        with pytest.raises(DrawTooEarly):
            draws.make(session, by.declarer, draw_id, SEED, REGULATOR, AFTER)
        others_speak(session, by, 10)
        drain(session)
        made = draws.make(session, by.declarer, draw_id, SEED, REGULATOR, AFTER)
        drain(session)
        verified = verify_draw(session, draw_id)
        assert verified.picks == made.picks
        assert len({each.party for each in made.picks}) == 2
        assert verified.others >= 8
        with pytest.raises(DrawDone):
            draws.make(session, by.declarer, draw_id, SEED, REGULATOR, AFTER)


def test_another_seed_than_the_one_committed_to_draws_nothing(sqlite_url: str) -> None:
    with supervised(sqlite_url) as (session, by):
        scored(session, by)
        draw_id = announced(session, by)
        others_speak(session, by, 10)
        drain(session)
        with pytest.raises(SeedDiffers):
            draws.make(session, by.declarer, draw_id, OTHER_SEED, REGULATOR, AFTER)


def test_who_draws_cannot_fill_the_log_with_its_own_words_and_call_it_chance(sqlite_url: str) -> None:
    with supervised(sqlite_url) as (session, by):
        scored(session, by)
        draw_id = announced(session, by)
        for _ in range(10):
            announced(session, by)
        drain(session)
        with pytest.raises(DrawNotOpenToChance):
            draws.make(session, by.declarer, draw_id, SEED, REGULATOR, AFTER)


def test_a_party_cannot_draw_and_an_unknown_draw_is_said_to_be_so(sqlite_url: str) -> None:
    with supervised(sqlite_url) as (session, by):
        scored(session, by)
        new = DrawNew(period=SEASON.name, commitment=commitment(SEED), inspectors=("J-01", "J-02"), parties=1)
        with pytest.raises(NotByRegulator):
            draws.announce(session, by.declarer, new, GROWER, AFTER)
        with pytest.raises(UnknownDraw):
            draw(session, "draw-" + "0" * 32)


def test_a_list_shorter_than_the_draw_is_refused(sqlite_url: str) -> None:
    with supervised(sqlite_url) as (session, by):
        scored(session, by)
        new = DrawNew(
            period=SEASON.name, commitment=commitment(SEED), inspectors=("J-01", "J-02"), parties=900
        )
        with pytest.raises(EmptyDraw):
            draws.announce(session, by.declarer, new, REGULATOR, AFTER)


def test_who_was_drawn_rests_and_others_areas_are_left_out(sqlite_url: str) -> None:
    with supervised(sqlite_url) as (session, by):
        far, _ = party(session, by, 1, "621126")
        scored(session, by)
        draw_id = announced(session, by)
        others_speak(session, by, 10)
        drain(session)
        made = draws.make(session, by.declarer, draw_id, SEED, REGULATOR, AFTER)
        new = DrawNew(
            period=SEASON.name,
            commitment=commitment(SEED),
            inspectors=("J-01", "J-02"),
            parties=1,
            area="3416",
            rested_since_ms=AFTER,
        )
        second = draw(session, draws.announce(session, by.declarer, new, REGULATOR, AFTER))
        listed = {each.name for each in second.candidates}
        assert not listed & {each.party for each in made.picks}
        assert far not in listed


def test_a_false_result_in_the_log_is_found_by_anyone(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The operator draws honestly in its tables and states another party in the log."""
    with supervised(sqlite_url) as (session, by):
        scored(session, by)
        draw_id = announced(session, by)
        others_speak(session, by, 10)
        drain(session)
        chosen = draw(session, draw_id).candidates
        wanted = tuple(each.name for each in chosen[:2])

        def bent(*_: object, **__: object) -> object:
            honest = pick(
                chosen, draw(session, draw_id).inspectors, SEED, bytes(32), count=2, inspectors_each=2
            )
            return tuple(
                type(each)(party=name, inspectors=each.inspectors)
                for each, name in zip(honest, wanted[::-1], strict=True)
            )

        monkeypatch.setattr(draws, "pick", bent)
        draws.make(session, by.declarer, draw_id, SEED, REGULATOR, AFTER)
        drain(session)
        with pytest.raises(DrawFalse):
            verify_draw(session, draw_id)


def test_tables_altered_afterwards_do_not_change_what_is_verified(sqlite_url: str) -> None:
    with supervised(sqlite_url) as (session, by):
        scored(session, by)
        draw_id = announced(session, by)
        others_speak(session, by, 10)
        drain(session)
        made = draws.make(session, by.declarer, draw_id, SEED, REGULATOR, AFTER)
        drain(session)
        session.execute(
            update(DrawRow).values(picks="[]", seed="00" * 32).where(col(DrawRow.draw_id) == draw_id)
        )
        assert verify_draw(session, draw_id).picks == made.picks
        assert session.exec(select(PendingRow)).all() == []
