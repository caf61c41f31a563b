"""What an event says is read back as the step it was made from, whatever the stage."""

from collections.abc import Iterator

from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.canonical import canonical, parse
from trace.events import event_of
from trace.profiles import profile
from trace.replaying.reading_back import step_of
from trace.sensors.sensing import Quantity, Sensed, SensorNew, sensed
from trace.steps import Amount, Measured, Step
from trace.vocabulary import Form, Stage

from .season import BASE_URL, GROWER, MAKER, NOON

NAMES = ["A", "B-1", "BS.24_0001", "0", "z" * 40, "Q7"]
LOTS = st.sampled_from(NAMES)
GRAMS = st.integers(1, 10**12)
WORDS = st.text("白芍当归abcXYZ09-_/.()%", min_size=1, max_size=12)


@st.composite
def steps(draw: st.DrawFn) -> Step:
    """A resolved step of any stage, as its profile lets it be."""
    stage = draw(st.sampled_from(Stage))
    flow = profile(stage).flow
    names = iter(draw(st.permutations(NAMES)))
    inputs = _amounts(draw, flow.inputs, names)
    outputs = tuple(
        Amount(
            lot=each.lot,
            grams=each.grams,
            herb=draw(st.sampled_from([None, "白芍"])),
            form=draw(st.sampled_from([None, Form.SLICE])),
            grade=draw(st.none() | WORDS),
        )
        for each in _amounts(draw, flow.outputs, names)
    )
    lots = () if inputs or outputs else _amounts(draw, flow.lots, names)
    packing = stage is Stage.PACK
    return Step(
        step_id="6f0a1f5e-5e0a-4f5b-9a70-7d7f3a1c2b3d",
        client_id=None,
        stage=stage,
        party=GROWER,
        place=draw(LOTS),
        counterparty=MAKER if flow.counterparty.value == "required" else None,
        event_ms=draw(st.integers(0, 2 * NOON)),
        offset_minutes=draw(st.integers(-840, 840)),
        inputs=inputs,
        outputs=outputs,
        lots=lots,
        public=draw(
            st.dictionaries(
                st.sampled_from(["method", "drying", "note"]),
                st.booleans() | st.integers(0, 10**9) | WORDS,
                max_size=3,
            )
        ),
        private={},
        results=_results(draw) if stage is Stage.TEST else (),
        packs=draw(st.integers(1, 10**5)) if packing else None,
        grams_per_pack=draw(GRAMS) if packing else None,
        batch="0f" * 32 if packing else None,
        packs_named=tuple(draw(st.lists(st.tuples(st.integers(0, 9), st.integers(10, 19)), max_size=2))),
        container=draw(st.none() | st.integers(0, 10**9)),
        sensors=_sensors(draw) if stage.value in {"sensing", "storage", "ship"} else (),
    )


def _amounts(draw: st.DrawFn, count: tuple[int, int], names: Iterator[str]) -> tuple[Amount, ...]:
    least, most = count
    many = draw(st.integers(least, min(most, 2)))
    return tuple(Amount(lot=next(names), grams=draw(st.none() | GRAMS)) for _ in range(many))


def _results(draw: st.DrawFn) -> tuple[Measured, ...]:
    method = draw(st.none() | WORDS)
    return (Measured(measurand=draw(WORDS), value="12.50", unit="mg/kg", method=method),)


def _sensors(draw: st.DrawFn) -> tuple[Sensed, ...]:
    new = SensorNew.model_validate(
        {
            "quantity": draw(st.sampled_from(Quantity)),
            "start": "2024-03-01T00:00:00+08:00",
            "end": "2024-03-02T00:00:00+08:00",
            "least": "1.5",
            "most": "9",
            "mean": "4.25",
            "count": 12,
        }
    )
    return (sensed(new),)


@settings(max_examples=40)
@given(steps())
def test_reading_back_is_the_inverse_of_stating(step: Step) -> None:
    logged = parse(canonical(event_of(step, BASE_URL, recorded_ms=NOON, batch=step.batch)))
    assert isinstance(logged, dict)
    assert step_of(logged, "urn:uuid:x") == step
