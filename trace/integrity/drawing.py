"""The 双随机 draw itself: random parties × random inspectors, from a seed nobody could choose. Pure.

Odds: a party's weight is 1 at a full score and 5 at none; one under a credit measure counts double. One
after another is drawn from those still on the list, so none comes twice. Chance is SHA-256 over the seed
that was committed beforehand and a root of the log nobody knew then; whole numbers only.
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from ledger.canonical import JsonValue, canonical
from trace.integrity.formula import FULL

WORST_ODDS: Final = 5
"""How many times likelier a score of 0 is drawn than a full one; our own assumption."""
MEASURE_ODDS: Final = 2
"""How many times likelier a party under a credit measure is drawn; our own assumption."""
_WIDE: Final = 1 << 256


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A name on the list of a draw."""

    name: str
    """USCC of a party, or the regulator's own number of an inspector."""
    weight: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Pick:
    """A party drawn, and who inspects it."""

    party: str
    inspectors: tuple[str, ...]


def odds(score: int, *, measure: bool) -> int:
    """Return the weight of a party with `score` thousandths.

    >>> odds(1000, measure=False), odds(0, measure=False), odds(500, measure=True)
    (1000, 5000, 6000)
    """
    weight = FULL + (WORST_ODDS - 1) * (FULL - score)
    return weight * MEASURE_ODDS if measure else weight


def commitment(seed: bytes) -> str:
    """Return what the announcement says of the seed: its SHA-256 in hex."""
    return hashlib.sha256(b"daodi draw seed\n" + seed).hexdigest()


def list_digest(parties: Sequence[Candidate], inspectors: Sequence[Candidate]) -> str:
    """Return the SHA-256 of the list in its order with every weight, in hex."""
    written: list[JsonValue] = [
        [[each.name, each.weight] for each in parties],
        [[each.name, each.weight] for each in inspectors],
    ]
    return hashlib.sha256(canonical(written)).hexdigest()


def pick(
    parties: Sequence[Candidate],
    inspectors: Sequence[Candidate],
    seed: bytes,
    root: bytes,
    *,
    count: int,
    inspectors_each: int,
) -> tuple[Pick, ...]:
    """Draw `count` parties, and for each of them `inspectors_each` different inspectors.

    ValueError when the lists are shorter than that.
    """
    drawn = _without_return(parties, _numbers(seed, root, "parties"), count)
    return tuple(
        Pick(
            party=party,
            inspectors=_without_return(
                inspectors, _numbers(seed, root, f"inspectors/{party}"), inspectors_each
            ),
        )
        for party in drawn
    )


def _without_return(candidates: Iterable[Candidate], numbers: Iterator[int], count: int) -> tuple[str, ...]:
    left = list(candidates)
    if count > len(left):
        msg = f"{count} of {len(left)} cannot be drawn"
        raise ValueError(msg)
    picked = []
    for _ in range(count):
        at = _below(sum(each.weight for each in left), numbers)
        for place, each in enumerate(left):
            at -= each.weight
            if at < 0:
                picked.append(left.pop(place).name)
                break
    return tuple(picked)


def _below(limit: int, numbers: Iterator[int]) -> int:
    """Return a number below `limit`, all equally likely: what would favour the small ones is passed over."""
    fair = _WIDE - _WIDE % limit
    return next(number for number in numbers if number < fair) % limit


def _numbers(seed: bytes, root: bytes, purpose: str) -> Iterator[int]:
    counter = 0
    while True:
        counted = b"daodi draw\n" + seed + root + f"\n{purpose}\n{counter}".encode()
        yield int.from_bytes(hashlib.sha256(counted).digest(), "big")
        counter += 1
