"""The whole demo city, drawn from one seed: who lives there, what they did, what they asked for it."""

import hashlib
from dataclasses import dataclass

import numpy as np

from daodi_city import SEED
from daodi_city.acts_papers import IssueRoll
from daodi_city.acts_prices import ReadBoard
from daodi_city.almanac import DAY_MS, LAST_DAY, at_ms
from daodi_city.chapters import Chapters, tell
from daodi_city.crops import CROPS, Crop
from daodi_city.faults import FaultKind, PlantedFault
from daodi_city.index_life import live_on
from daodi_city.papers import Papers, papers_of
from daodi_city.parties import Citizens, settle
from daodi_city.pen import DatedStep
from daodi_city.prices import PricePanel, quote_city
from daodi_city.scanning import CITIES, Packed, PackScan, copies, device, shop
from daodi_city.seasons import Seasons, asking_of, live
from daodi_city.town import Act, CodeRoll

SMALL = 6
"""Herbs of the small city."""
_COPIED = "DANGGUI-25B-SLICE"
_COPIED_PACK = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class City:
    """Everything the loader puts into a database."""

    seed: int
    crops: tuple[Crop, ...]
    citizens: Citizens
    panel: PricePanel
    papers: Papers
    seasons: Seasons
    chapters: Chapters
    roll: CodeRoll
    """Codes no pack carries yet."""
    scans: tuple[PackScan, ...]
    faults: tuple[PlantedFault, ...]
    founded_ms: int
    """When the city's log began: a day before its first record."""
    now_ms: int
    """The moment at which the city stands still."""
    price_acts: tuple[Act, ...]
    """How prices are collected, indices published and late complaints filed, in the order of time."""

    @property
    def steps(self) -> tuple[DatedStep, ...]:
        """Every step, in the order in which their records arrive."""
        both = (*self.seasons.steps, *self.chapters.steps)
        return tuple(sorted(both, key=lambda dated: dated.recorded_ms))

    @property
    def refused(self) -> tuple[DatedStep, ...]:
        """Steps that break a rule and must be refused; tried after all others."""
        return (*self.seasons.refused, *self.chapters.refused)

    @property
    def packed(self) -> tuple[Packed, ...]:
        """Every lot of packs that shoppers meet."""
        return (*self.seasons.packed, *self.chapters.packed)

    @property
    def rolls(self) -> tuple[CodeRoll, ...]:
        """Every roll of labels issued ahead of use."""
        return (self.roll, self.chapters.labels, self.chapters.boxes)

    @property
    def spare(self) -> IssueRoll:
        """The issuing of the codes that no pack carries yet."""
        return IssueRoll(roll=self.roll)

    @property
    def lots(self) -> int:
        """How many lots were made."""
        return self.seasons.lots + self.chapters.lots

    @property
    def packs(self) -> int:
        """How many packs carry an active code."""
        return sum(lot.packs for lot in self.packed)

    @property
    def fingerprint(self) -> str:
        """Digest of everything drawn: two cities with the same one load to the same database."""
        digest = hashlib.sha256(self.panel.fen_per_kg.tobytes())
        for dated in self.steps:
            digest.update(f"{dated.recorded_ms}{dated.step.model_dump_json()}{dated.picked}".encode())
        told = (self.citizens, self.papers, self.chapters.acts, self.scans, self.faults, self.rolls)
        digest.update(repr(told).encode())
        digest.update(repr([act for act in self.price_acts if not isinstance(act, ReadBoard)]).encode())
        return digest.hexdigest()


def build(seed: int = SEED, *, small: bool = False) -> City:
    """Draw the city of `seed`; `small` keeps six herbs and every planted fault.

    >>> build(7, small=True).fingerprint == build(7, small=True).fingerprint
    True
    """
    crops = CROPS[:SMALL] if small else CROPS
    price_rng, life_rng, scan_rng, chapter_rng, trade_rng, list_rng = (
        np.random.default_rng([seed, part]) for part in range(6)
    )
    citizens = settle()
    panel = quote_city(price_rng, crops)
    seasons = live(life_rng, citizens, panel, crops, trade_rng)
    chapters = tell(chapter_rng, citizens, asking_of(panel))
    now_ms = at_ms(LAST_DAY, 20)
    roll = CodeRoll(
        name="spare", party=citizens.slice_makers[0].uscc, count=200, issued_ms=now_ms - 40 * DAY_MS
    )
    scans, faults = _scans(scan_rng, seasons, chapters, roll)
    first_ms = min(dated.recorded_ms for dated in (*seasons.steps, *chapters.steps))
    return City(
        seed=seed,
        crops=crops,
        citizens=citizens,
        panel=panel,
        papers=papers_of(citizens),
        seasons=seasons,
        chapters=chapters,
        roll=roll,
        scans=scans,
        faults=(*seasons.faults, *chapters.faults, *faults),
        founded_ms=first_ms - DAY_MS,
        now_ms=now_ms,
        price_acts=tuple(
            sorted((*live_on(list_rng, panel), *chapters.complaints), key=lambda act: act.at_ms)
        ),
    )


def _scans(
    rng: np.random.Generator, seasons: Seasons, chapters: Chapters, roll: CodeRoll
) -> tuple[tuple[PackScan, ...], tuple[PlantedFault, ...]]:
    """Return every scan in order of time, and the faults that sit in scans."""
    copied = next(lot for lot in seasons.packed if lot.lot == _COPIED)
    idle = [
        _roll_scan(roll, number, roll.issued_ms + (number + 1) * DAY_MS, 3_000_000 + number)
        for number in range(3)
    ]
    spoiled = chapters.labels.count - 1
    idle.append(_roll_scan(chapters.labels, spoiled, chapters.labels.issued_ms + 30 * DAY_MS, 3_100_000))
    packed = (*seasons.packed, *chapters.packed)
    scans = [*shop(rng, packed), *copies(rng, copied, _COPIED_PACK), *idle]
    faults = (
        PlantedFault(kind=FaultKind.COPIED, lot=copied.lot, pack=_COPIED_PACK),
        PlantedFault(kind=FaultKind.NOT_ACTIVATED, pack=0),
        PlantedFault(kind=FaultKind.SPOILED, pack=spoiled),
    )
    return tuple(sorted(scans, key=lambda scan: (scan.at_ms, scan.device))), faults


def _roll_scan(roll: CodeRoll, place: int, when_ms: int, phone: int) -> PackScan:
    """Return the scan of a label that is on a roll and on no pack."""
    return PackScan(None, place, when_ms, CITIES[place % 2], device(phone), roll=roll.name)
