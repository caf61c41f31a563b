"""Where goods are, against books that follow each pack by itself; lineages and recalls say the same."""

import random
from collections import Counter
from dataclasses import dataclass, field

import pytest
from sqlmodel import Session

from ledger.errors import DaodiError
from trace.lineages.lineage_graph import Direction, lineage_graph
from trace.lineages.placements import placements
from trace.recalls.portions import END_USERS, portions_of

from .season import MAKER, PHARMACY, at, founded, lot, recorder, step

PACKS, GRAMS, LOOSE = 12, 500, 40_000
PLACE = {MAKER: "WORKS", PHARMACY: "COUNTER"}
OTHER = {MAKER: PHARMACY, PHARMACY: MAKER}
GONE = {"reason": "expired", "method": "焚毁"}
Held = tuple[str, str | None]
"""Who has it, and to whom it is on its way."""


@dataclass
class Books:
    """A lot of loose goods and packs: every pack is followed by itself, and nothing is summed up."""

    lot_at: Held = (MAKER, None)
    loose: int = LOOSE
    sold_loose: int = 0
    alone: dict[int, Held] = field(default_factory=dict)
    """Packs that left their lot by their codes."""
    gone: set[int] = field(default_factory=set)

    def sums(self) -> dict[Held, tuple[int, int]]:
        """Grams and packs by holder and road."""
        grams, packs = Counter[Held](), Counter[Held]()
        grams[self.lot_at] += self.loose
        grams[END_USERS, None] += self.sold_loose
        for pack in set(range(PACKS)) - self.gone:
            where = self.alone.get(pack, self.lot_at)
            grams[where] += GRAMS
            packs[where] += 1
        return {held: (grams[held], packs[held]) for held in grams if grams[held]}


class Season:
    """Random handling, told to the service and written in the books when it was taken."""

    def __init__(self, session: Session, seed: int) -> None:
        self.session, self.by, self.chance, self.minute = session, recorder(), random.Random(seed), 0
        self.books, self.codes = Books(), tuple[str, ...]()
        self.told("opening", MAKER, outputs=[lot("S", LOOSE + PACKS * GRAMS, "白芍") | {"form": "slice"}])
        self.told("pack", MAKER, inputs=[lot("S")], packs=PACKS, grams_per_pack=GRAMS)

    def told(self, stage: str, party: str, **rest: object) -> bool:
        self.minute += 1
        new = step(stage, 3, PLACE[party], minute=self.minute, **rest)
        try:
            with self.session.begin_nested():
                found = self.by.record_step(self.session, new, at(4))
        except DaodiError:
            return False
        self.codes = found.codes or self.codes
        return True

    def act(self) -> str | None:
        """Do something, sensible or not; returns what was taken."""
        act = self.chance.choice(
            [self.sell, self.ship_lot, self.receive_lot, self.ship, self.ship, self.receive, self.receive,
             self.receive, self.send_back, self.sale, self.destroy]
        )  # fmt: skip
        return act.__name__ if act() else None

    def packs(self) -> list[int]:
        return self.chance.sample(range(PACKS), self.chance.choice([1, 1, 2, 3]))

    def by_code(self, stage: str, where: Held | None, **rest: object) -> bool:
        party, chosen = self.chance.choice([MAKER, PHARMACY]), self.packs()
        if "counterparty" in rest:
            rest["counterparty"] = OTHER[party]
        taken = self.told(stage, party, codes=[self.codes[each] for each in chosen], **rest)
        if taken:
            if stage == "destroy":
                self.books.gone.update(chosen)
            self.books.alone |= dict.fromkeys(chosen, where or (party, None))
            if stage in ("ship", "return"):
                self.books.alone |= dict.fromkeys(chosen, (party, OTHER[party]))
        return taken

    def ship(self) -> bool:
        return self.by_code("ship", None, counterparty=None)

    def receive(self) -> bool:
        return self.by_code("receive", None)

    def sale(self) -> bool:
        return self.by_code("sale", (END_USERS, None))

    def destroy(self) -> bool:
        return self.by_code("destroy", None, fields=GONE)

    def send_back(self) -> bool:
        return self.by_code("return", None, counterparty=None, fields={"reason": "quality"})

    def sell(self) -> bool:
        grams = self.chance.randint(1, 9) * 100
        party, _ = self.books.lot_at
        if grams > self.books.loose or not self.told("sale", party, lots=[lot("S", grams)]):
            return False
        self.books.loose -= grams
        self.books.sold_loose += grams
        return True

    def ship_lot(self) -> bool:
        party, _ = self.books.lot_at
        taken = self.told("ship", party, lots=[lot("S")], counterparty=OTHER[party])
        if taken:
            self.books.lot_at = (party, OTHER[party])
        return taken

    def receive_lot(self) -> bool:
        _, receiver = self.books.lot_at
        taken = receiver is not None and self.told("receive", receiver, lots=[lot("S")])
        if taken and receiver is not None:
            self.books.lot_at = (receiver, None)
        return taken


def in_recalls(session: Session) -> dict[Held, tuple[int, int]]:
    return {(each.holder, each.to): (each.grams, each.packs) for each in portions_of(session, ["S"])}


def in_lineages(session: Session) -> dict[Held, tuple[int, int]]:
    grams, packs = Counter[Held](), Counter[Held]()
    for each in placements(session, lineage_graph(session, "S", Direction.FORWARD)):
        assert each.attributed_grams == each.grams
        grams[each.holder, each.in_transit_to] += each.grams
        packs[each.holder, each.in_transit_to] += each.packs
    return {held: (grams[held], packs[held]) for held in grams}


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_lineages_and_recalls_find_every_pack_and_gram_where_it_is(seed: int) -> None:
    with founded("sqlite://") as session:
        season = Season(session, seed)
        for _ in range(60):
            if season.act() is not None:
                assert in_recalls(session) == season.books.sums()
                assert in_lineages(session) == season.books.sums()


def test_the_random_seasons_do_everything_once() -> None:
    with founded("sqlite://") as session:
        season = Season(session, 5)
        done = {season.act() for _ in range(150)}
    assert done - {None} == {
        "sell", "ship_lot", "receive_lot", "ship", "receive", "send_back", "sale", "destroy"
    }  # fmt: skip
