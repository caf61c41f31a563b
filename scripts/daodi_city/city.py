"""The whole demo city, drawn from one seed: who lives there, what they did, what they asked for it."""

import hashlib
from dataclasses import dataclass

import numpy as np

from daodi_city import SEED
from daodi_city.almanac import DAY_MS, LAST_DAY, at_ms
from daodi_city.crops import CROPS, Crop
from daodi_city.faults import FaultKind, PlantedFault
from daodi_city.parties import Citizens, settle
from daodi_city.prices import PricePanel, quote_city
from daodi_city.scanning import CITIES, PackScan, copies, device, shop
from daodi_city.seasons import Seasons, live

SMALL = 6
"""Herbs of the small city."""
_COPIED = "DANGGUI-25B-SLICE"
_COPIED_PACK = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeRoll:
    """Codes issued to a firm ahead of use: printed on a roll, activated only by packing."""

    party: str
    count: int
    issued_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class City:
    """Everything the loader puts into a database."""

    seed: int
    crops: tuple[Crop, ...]
    citizens: Citizens
    panel: PricePanel
    seasons: Seasons
    roll: CodeRoll
    scans: tuple[PackScan, ...]
    faults: tuple[PlantedFault, ...]
    founded_ms: int
    """When the city's log began: a day before its first record."""
    now_ms: int
    """The moment at which the city stands still."""
    published_months: int
    """At how many month ends, up to the last, indices are published."""

    @property
    def packs(self) -> int:
        """How many packs carry an active code."""
        return sum(lot.packs for lot in self.seasons.packed)

    @property
    def fingerprint(self) -> str:
        """Digest of everything drawn: two cities with the same one load to the same database."""
        digest = hashlib.sha256(self.panel.fen_per_kg.tobytes())
        for dated in self.seasons.steps:
            digest.update(f"{dated.recorded_ms}{dated.step.model_dump_json()}".encode())
        digest.update(repr((self.citizens, self.scans, self.faults, self.roll)).encode())
        return digest.hexdigest()


def build(seed: int = SEED, *, small: bool = False) -> City:
    """Draw the city of `seed`; `small` keeps six herbs and every planted fault.

    >>> build(7, small=True).fingerprint == build(7, small=True).fingerprint
    True
    """
    crops = CROPS[:SMALL] if small else CROPS
    price_rng, life_rng, scan_rng = (np.random.default_rng([seed, part]) for part in range(3))
    citizens = settle()
    panel = quote_city(price_rng, crops)
    seasons = live(life_rng, citizens, panel, crops)
    now_ms = at_ms(LAST_DAY, 20)
    roll = CodeRoll(party=citizens.slice_makers[0].uscc, count=200, issued_ms=now_ms - 40 * DAY_MS)
    scans, faults = _scans(scan_rng, seasons, roll)
    return City(
        seed=seed,
        crops=crops,
        citizens=citizens,
        panel=panel,
        seasons=seasons,
        roll=roll,
        scans=scans,
        faults=(*seasons.faults, *faults),
        founded_ms=seasons.steps[0].recorded_ms - DAY_MS,
        now_ms=now_ms,
        published_months=1 if small else 3,
    )


def _scans(
    rng: np.random.Generator, seasons: Seasons, roll: CodeRoll
) -> tuple[tuple[PackScan, ...], tuple[PlantedFault, ...]]:
    """Return every scan in order of time, and the faults that sit in scans."""
    copied = next(lot for lot in seasons.packed if lot.lot == _COPIED)
    early = [
        PackScan(
            None,
            number,
            roll.issued_ms + (number + 1) * DAY_MS,
            CITIES[number % 2],
            device(3_000_000 + number),
        )
        for number in range(3)
    ]
    scans = [*shop(rng, seasons.packed), *copies(rng, copied, _COPIED_PACK), *early]
    faults = (
        PlantedFault(kind=FaultKind.COPIED, lot=copied.lot, pack=_COPIED_PACK),
        PlantedFault(kind=FaultKind.NOT_ACTIVATED, pack=0),
    )
    return tuple(sorted(scans, key=lambda scan: (scan.at_ms, scan.device))), faults
