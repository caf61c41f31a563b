"""How well scans find copied labels: the simulation of many packs, few of them copied, judged by our rule.

Sixty days, sixty cities, 8 % of packs scanned by whoever bought them, 3 % of places wrong; copies of one
code are sold everywhere and scanned as often as other packs. The rule is the product's own.
"""

import random
from collections.abc import Iterator
from functools import partial

from figures.row import Row

from trace.scanning.scans import Scan, add_up

DAYS, CITIES, SCANNED, MISPLACED = 60, 60, 0.08, 0.03
DAY_MS = 86_400_000
FALSE_ALARMS_PER_MILLE = 1
FOUND_PERCENT = 95
COPIES = (20, 50, 100, 500)


def rows(*, quick: bool) -> list[Row]:
    """False alarms of genuine codes, then for each number of copies how many copied codes are found."""
    packs, clones = (50_000, 200) if quick else (500_000, 1_000)
    draw = random.Random(2015)
    scanned, alarms = _genuine(draw, packs)
    measured = [
        Row(
            what="false alarms among genuine codes that were scanned",
            ours=f"{1000 * alarms / scanned:.2f} ‰",
            target=f"≤ {FALSE_ALARMS_PER_MILLE} ‰",
            met=1000 * alarms <= FALSE_ALARMS_PER_MILLE * scanned,
            note=f"{alarms} of {scanned:,} scanned genuine codes, {packs:,} packs sold",
        )
    ]
    for copies in COPIES:
        found = sum(add_up(list(_copied(draw, copies))).copied for _ in range(clones))
        wanted = copies == 100
        measured.append(
            Row(
                what=f"codes copied {copies} times that are found within {DAYS} days",
                ours=f"{100 * found / clones:.1f} %",
                target=f"≥ {FOUND_PERCENT} %" if wanted else "",
                met=100 * found >= FOUND_PERCENT * clones if wanted else None,
                note=f"{clones:,} copied codes",
            )
        )
    return measured


def _genuine(draw: random.Random, packs: int) -> tuple[int, int]:
    """Return how many genuine codes were scanned, and how many of them were taken for copied ones."""
    scanned = alarms = 0
    for pack in range(packs):
        if draw.random() < SCANNED:
            scanned += 1
            alarms += add_up(list(_buyer(draw, f"h{pack}", draw.randrange(CITIES)))).copied
    return scanned, alarms


def _buyer(draw: random.Random, household: str, city: int) -> Iterator[Scan]:
    """Scans of one pack by its buyer: one to four, by the household's phones, now and then on a journey."""
    begun = draw.randrange(DAYS * DAY_MS)
    phones = 1 + (draw.random() < 0.3) + (draw.random() < 0.1)
    for _ in range(1 + min(3, int(draw.expovariate(1.2)))):
        where = draw.randrange(CITIES) if draw.random() < 0.02 else city
        if draw.random() < MISPLACED:
            where = draw.randrange(CITIES)
        phone = f"{household}-{draw.randrange(phones)}"
        network = household if draw.random() < 0.7 else phone
        yield _scan(begun + draw.randrange(7 * DAY_MS), where, phone, network)


def _copied(draw: random.Random, copies: int) -> Iterator[Scan]:
    """Scans of all packs that carry one code: the genuine one and its copies, sold in towns all over."""
    buyer = partial(_buyer, draw)
    for copy in range(copies):
        if draw.random() < SCANNED:
            yield from buyer(f"c{copy}", draw.randrange(CITIES))


def _scan(at_ms: int, city: int, device: str, network: str) -> Scan:
    return Scan(serial=0, at_ms=at_ms, city=f"{110000 + 100 * city}", device=device, network=network)
