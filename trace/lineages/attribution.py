"""Attribution: how much of a lot stems from another, through any number of merges and splits.

What a step makes consists of what went in, in proportion to the masses that went in: nobody can tell two
heaps apart once they are mixed, so every output has the same share of each. Drying changes the mass and
not the shares. Inputs without weight (standing crops, living animals) count for nothing beside inputs that
have one; where no input has weight they count alike, and the answer says that this was assumed.

Shares are integers out of `WHOLE`: exact to far below a gram at any depth, and the same everywhere.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from trace.lineage import LineageEdge

WHOLE: Final = 2**80
"""The share that is everything."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shares:
    """What part of what stems from where."""

    of: Mapping[str, int]
    """For each lot its share out of `WHOLE`, in the order in which the lots were reached."""
    assumed: frozenset[str] = frozenset()
    """Lots whose share rests on sources without weight counted alike."""
    level: Mapping[str, int] = field(default_factory=dict)
    """How many steps away each lot is, by the longest way."""


def shares_back(lot: str, edges: Sequence[LineageEdge]) -> Shares:
    """Return what share of `lot` stems from each lot on its way back; `edges` are all on that way.

    >>> edge = LineageEdge(step_id="s", source="a", target="c", grams_in=30, grams_out=40, event_ms=0)
    >>> other = LineageEdge(step_id="s", source="b", target="c", grams_in=10, grams_out=40, event_ms=0)
    >>> shares_back("c", [edge, other]).of["b"] * 4 == WHOLE
    True
    """
    makers = _makers(edges)
    ordered = _in_order(lot, {target: tuple(grams) for target, (_, grams) in makers.items()})
    of: dict[str, int] = dict.fromkeys(ordered, 0)
    of[lot], level = WHOLE, dict.fromkeys(ordered, 0)
    assumed: set[str] = set()
    for target in ordered:
        if target not in makers:
            continue
        parts, guessed = _parts(makers[target][1])
        for source, part in parts.items():
            of[source] += of[target] * part // WHOLE
            level[source] = max(level[source], level[target] + 1)
            if guessed or target in assumed:
                assumed.add(source)
    return Shares(of=of, assumed=frozenset(assumed), level=level)


def shares_forward(lot: str, edges: Sequence[LineageEdge]) -> Shares:
    """Return what share of each lot on the way forward stems from `lot`.

    `edges` must hold every edge of every step on that way, those from other sources too: what share of
    a merge is ours depends on all that was merged.
    """
    makers = _makers(edges)
    children: dict[str, list[str]] = {}
    for edge in edges:
        children.setdefault(edge.source, []).append(edge.target)
    ordered = _in_order(lot, {source: tuple(targets) for source, targets in children.items()})
    of: dict[str, int] = dict.fromkeys(ordered, 0)
    of[lot], level = WHOLE, dict.fromkeys(ordered, 0)
    assumed: set[str] = set()
    for target in ordered[1:]:
        parts, guessed = _parts(makers[target][1])
        ours = {source: part for source, part in parts.items() if source in of}
        of[target] = sum(of[source] * part // WHOLE for source, part in ours.items())
        level[target] = 1 + max(level[source] for source in ours)
        if guessed or any(source in assumed for source in ours):
            assumed.add(target)
    return Shares(of=of, assumed=frozenset(assumed), level=level)


def grams_of(total: int | None, share: int) -> int | None:
    """Return `share` of `total` grams, to the nearest gram; None for what has no weight.

    >>> grams_of(1000, WHOLE // 3)
    333
    """
    return None if total is None else (2 * total * share + WHOLE) // (2 * WHOLE)


def apportion(total: int, weights: Mapping[str, int]) -> dict[str, int]:
    """Return `total` whole grams divided by `weights`, so that nothing is lost in rounding.

    The largest remainders get the odd grams (Hamilton's method), ties go by name.

    >>> apportion(100, {"a": 1, "b": 1, "c": 1})
    {'a': 34, 'b': 33, 'c': 33}
    """
    whole = sum(weights.values())
    if not whole:
        return dict.fromkeys(weights, 0)
    shares = {name: divmod(total * weight, whole) for name, weight in weights.items()}
    odd = total - sum(grams for grams, _ in shares.values())
    first = sorted(shares, key=lambda name: (-shares[name][1], name))[:odd]
    return {name: grams + (name in first) for name, (grams, _) in shares.items()}


def per_million(share: int) -> int:
    """Return a share in millionths, to the nearest.

    >>> per_million(WHOLE // 4)
    250000
    """
    return (2 * 1_000_000 * share + WHOLE) // (2 * WHOLE)


def _makers(edges: Iterable[LineageEdge]) -> dict[str, tuple[str, dict[str, int | None]]]:
    """Return for every target the step that made it and what that step took of each source."""
    makers: dict[str, tuple[str, dict[str, int | None]]] = {}
    for edge in edges:
        makers.setdefault(edge.target, (edge.step_id, {}))[1][edge.source] = edge.grams_in
    return makers


def _parts(taken: Mapping[str, int | None]) -> tuple[dict[str, int], bool]:
    """Return each source's share of one step's outputs, and whether it had to be assumed."""
    weighed = {source: grams for source, grams in taken.items() if grams}
    total = sum(weighed.values())
    if total:
        return {source: WHOLE * weighed.get(source, 0) // total for source in taken}, False
    return dict.fromkeys(taken, WHOLE // len(taken)), len(taken) > 1


def _in_order(start: str, following: Mapping[str, Sequence[str]]) -> list[str]:
    """Return the lots reached from `start`, each after all that lead to it (Kahn's algorithm)."""
    reached, waiting = {start: 0}, [start]
    while waiting:
        for lot in following.get(waiting.pop(), ()):
            if lot not in reached:
                reached[lot] = 0
                waiting.append(lot)
    for lot in reached:
        for after in dict.fromkeys(following.get(lot, ())):
            reached[after] += 1
    ordered, free = [], [start]
    while free:
        lot = free.pop()
        ordered.append(lot)
        for after in dict.fromkeys(following.get(lot, ())):
            reached[after] -= 1
            if not reached[after]:
                free.append(after)
    return ordered
