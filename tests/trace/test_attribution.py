"""What stems from what: checked against exact fractions, and against a heap of marked grains."""

from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from trace.lineage import LineageEdge
from trace.lineages.attribution import WHOLE, apportion, grams_of, shares_back, shares_forward


@st.composite
def ways(draw: st.DrawFn) -> list[LineageEdge]:
    """A random way: lots 0, 1, 2 … and steps that each take some of the lots there are and make new ones."""
    edges, lots = [], draw(st.integers(1, 3))
    for number in range(draw(st.integers(1, 8))):
        taken = draw(st.lists(st.integers(0, lots - 1), min_size=1, max_size=3, unique=True))
        grams = [draw(st.one_of(st.none(), st.integers(1, 10**9))) for _ in taken]
        made = range(lots, lots + draw(st.integers(1, 3)))
        edges += [
            LineageEdge(
                step_id=f"s{number}",
                source=f"L{source}",
                target=f"L{target}",
                grams_in=mass,
                grams_out=draw(st.integers(1, 10**9)),
                event_ms=number,
            )
            for source, mass in zip(taken, grams, strict=True)
            for target in made
        ]
        lots = made.stop
    return edges


def exact(edges: list[LineageEdge], target: str, source: str) -> Fraction:
    """The share of `source` in `target` by the definition, as a fraction."""
    if target == source:
        return Fraction(1)
    taken = {edge.source: edge.grams_in for edge in edges if edge.target == target}
    weighed = any(taken.values())
    parts = {lot: Fraction(grams or 0) if weighed else Fraction(1) for lot, grams in taken.items()}
    return sum(
        (part / sum(parts.values()) * exact(edges, lot, source) for lot, part in parts.items()), Fraction(0)
    )


def behind(edges: list[LineageEdge], lot: str) -> list[LineageEdge]:
    wanted, found = {lot}, []
    for edge in reversed(edges):
        if edge.target in wanted:
            wanted.add(edge.source)
            found.append(edge)
    return found


@settings(max_examples=60)
@given(ways())
def test_every_share_is_the_fraction_the_masses_say(edges: list[LineageEdge]) -> None:
    last = edges[-1].target
    back = shares_back(last, behind(edges, last))
    for source, share in back.of.items():
        assert abs(Fraction(share, WHOLE) - exact(edges, last, source)) < Fraction(1, 10**18)


@settings(max_examples=60)
@given(ways())
def test_looking_forward_and_looking_back_say_the_same(edges: list[LineageEdge]) -> None:
    steps = {edge.step_id for edge in edges}
    forward = shares_forward("L0", [edge for edge in edges if edge.step_id in steps & _reached(edges)])
    for target, share in forward.of.items():
        back = shares_back(target, behind(edges, target)).of["L0"]
        assert abs(share - back) < WHOLE // 10**18


def _reached(edges: list[LineageEdge]) -> set[str]:
    lots, steps = {"L0"}, set()
    for edge in edges:
        if edge.source in lots:
            lots.add(edge.target)
            steps.add(edge.step_id)
    return steps


@given(st.integers(0, 10**12), st.dictionaries(st.text("abc", min_size=1), st.integers(1, 10**9), min_size=1))
def test_dividing_grams_loses_none_and_wrongs_nobody_by_a_gram(total: int, weights: dict[str, int]) -> None:
    parts = apportion(total, weights)
    assert sum(parts.values()) == total
    whole = sum(weights.values())
    assert all(
        abs(Fraction(grams) - Fraction(total * weights[name], whole)) < 1 for name, grams in parts.items()
    )


def test_a_merge_of_twenty_five_growers_gives_each_his_part() -> None:
    """Grower n brings n tonnes to 325 tonnes; drying and splitting afterwards change nothing of it."""
    merge = [
        LineageEdge(
            step_id="merge",
            source=f"G{number}",
            target="M",
            grams_in=number * 10**6,
            grams_out=325 * 10**6,
            event_ms=1,
        )
        for number in range(1, 26)
    ]
    dried = LineageEdge(
        step_id="dry", source="M", target="D", grams_in=325 * 10**6, grams_out=130 * 10**6, event_ms=2
    )
    shares = shares_back("D", [*merge, dried])
    assert grams_of(130 * 10**6, shares.of["G13"]) == 130 * 10**6 * 13 // 325
    assert shares.level["G13"] == 2
    assert not shares.assumed


def test_crops_without_weight_are_counted_alike_and_the_answer_says_so() -> None:
    edges = [
        LineageEdge(step_id="h", source=plot, target="F", grams_in=None, grams_out=900, event_ms=1)
        for plot in ("P1", "P2", "P3")
    ]
    shares = shares_back("F", edges)
    assert {grams_of(900, shares.of[plot]) for plot in ("P1", "P2", "P3")} == {300}
    assert shares.assumed == {"P1", "P2", "P3"}


def test_ten_thousand_levels_are_followed() -> None:
    edges = [
        LineageEdge(step_id=str(n), source=f"L{n}", target=f"L{n + 1}", grams_in=10, grams_out=9, event_ms=n)
        for n in range(10_000)
    ]
    assert shares_back("L10000", edges).level["L0"] == 10_000
    assert shares_forward("L0", edges).of["L10000"] == WHOLE
