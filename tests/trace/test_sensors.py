"""Series of readings are summed up exactly, and what a step claims of them is held against the file."""

import io
import statistics
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import Session

from trace.documents.document_errors import SeriesWrong
from trace.documents.document_store import Kept
from trace.documents.documents import DocumentKind, DocumentNew, state_document
from trace.epcis.reading import read_event
from trace.events import iso_time
from trace.profiles import Visibility
from trace.sensors.raw_series import summary_of_file
from trace.sensors.sensing import Quantity, SensorNew, sensed, sensed_of, sensor_elements
from trace.sensors.sensor_rules import has_gap
from trace.sensors.series import Reading, Summary, stated, summary_of, summed_up
from trace.sensors.windows import MOST_WINDOWS
from trace.service import RecordedStep
from trace.vocabulary import EPCIS_CONTEXT, TCM, TCM_PREFIX

from .files import series
from .season import GROWER, NOON, at, founded, lot, recorder, step, white_peony

SHA = "ab" * 32
MINUTE = 60_000


@pytest.fixture
def session() -> Iterator[Session]:
    with founded("sqlite://") as opened:
        by = recorder()
        for new, recorded_ms in white_peony()[:5]:
            by.record_step(opened, new, recorded_ms)
        yield opened


def summary(body: bytes, media_type: str = "text/csv") -> Summary:
    return summary_of_file(io.BytesIO(body), media_type, Quantity.TEMPERATURE)


def readings(*values: str, apart: int = MINUTE) -> list[Reading]:
    return [Reading(place * apart, int(Decimal(value) * 10**6)) for place, value in enumerate(values)]


@given(values=st.lists(st.decimals(-60, 90, places=2), min_size=1, max_size=60))
def test_sums_are_those_of_the_statistics_module(values: list[Decimal]) -> None:
    made = summed_up(readings(*map(str, values)), Quantity.TEMPERATURE)
    assert (Decimal(made.least), Decimal(made.most)) == (min(values), max(values))
    assert abs(Decimal(made.mean) - statistics.mean(values)) <= Decimal("0.00005")
    assert abs(Decimal(made.sdev) - statistics.pstdev(values)) <= Decimal("0.00005")
    assert made.count == len(values) == sum(each.count for each in made.windows)


@given(count=st.integers(1, 3_000), apart=st.integers(1, 4_000))
def test_windows_are_few_and_cover_every_reading(count: int, apart: int) -> None:
    made = summed_up(
        (Reading(place * apart * 1000, place % 7 * 10**6) for place in range(count)), Quantity.TEMPERATURE
    )
    assert len(made.windows) <= MOST_WINDOWS
    assert sum(each.count for each in made.windows) == count
    assert max(Decimal(each.most) for each in made.windows) == Decimal(made.most)
    assert all(each.start_ms <= made.end_ms for each in made.windows)
    assert summary_of(stated(made)) == made


def test_both_forms_of_a_file_say_the_same() -> None:
    first = b'{"time":"2024-03-01T00:00:00+08:00","value":"18.5"}\n'
    lines = first + b'{"time":"2024-03-01T00:10:00+08:00","value":19}\n'
    table = "\ufeff时间,数值\r\n2024-03-01T00:00:00+08:00,18.5\r\n2024-03-01T00:10:00+08:00,19\r\n".encode()
    assert summary(lines, "application/x-ndjson") == summary(table)
    assert summary(table).offset_minutes == 480


@pytest.mark.parametrize(
    ("body", "row"),
    [
        (b"", 1),
        (b"time,value\n", 1),
        (b"a,b\n1,2\n", 1),
        (b"time,value\n2024-03-01T00:00:00,18\n", 2),
        (b"time,value\n2024-03-01T00:00:00+08:00,warm\n", 2),
        (b"time,value\n2024-03-01T00:00:00+08:00,1e5\n", 2),
        (b"time,value\n2024-03-01T00:00:00+08:00,NaN\n", 2),
        (b"time,value\n2024-03-01T00:00:00+08:00,18,19\n", 2),
        (b"time,value\n" + b"2024-03-01T00:00:00+08:00,18\n" * 2, 3),
        (b"time,value\n2024-03-02T00:00:00+08:00,18\n2024-03-01T00:00:00+08:00,18\n", 3),
        (b"time,value\n" + b"x" * 1_000_000, 2),
        (b"time,value\n\xff\xfe,18\n", 2),
    ],
)
def test_a_line_that_is_no_reading_is_named(body: bytes, row: int) -> None:
    with pytest.raises(SeriesWrong) as told:
        summary(body)
    assert told.value.at.row == row


@pytest.mark.parametrize("line", ['{"time":1}', "[1]", "x", '{"time":"2024-03-01T00:00:00Z","value":1.5}'])
def test_a_line_of_json_needs_time_and_a_value_without_floats(line: str) -> None:
    with pytest.raises(SeriesWrong):
        summary(line.encode(), "application/x-ndjson")


def test_a_gap_is_ten_times_the_mean_interval() -> None:
    whole = [Reading(place * MINUTE, 0) for place in range(100)]
    assert not has_gap(summed_up(whole, Quantity.TEMPERATURE))
    holed = whole[:50] + whole[62:]
    assert has_gap(summed_up(holed, Quantity.TEMPERATURE))
    assert summed_up(holed, Quantity.TEMPERATURE).gap_ms == 13 * MINUTE


def claim(**changes: object) -> dict[str, object]:
    """What the series of 100 readings of 18.0 every 10 minutes says, with changes."""
    start = datetime(2024, 2, 29, 16, tzinfo=UTC)
    said = {
        "quantity": "Temperature",
        "start": start.isoformat(),
        "end": datetime(2024, 3, 1, 8, 30, tzinfo=UTC).isoformat(),
        "least": "18",
        "most": "18.0",
        "mean": "18",
        "sdev": "0",
        "count": 100,
        "document": SHA,
    }
    return said | changes


def test_aggregates_are_read_back_from_the_event_and_pass_the_standard() -> None:
    said = sensed(SensorNew.model_validate(claim(most="25.5", mean="19.25", device="T-7")))
    elements = sensor_elements([said], "https://trace.example")
    assert sensed_of(elements) == (said,)
    event = {
        "@context": [EPCIS_CONTEXT, {TCM_PREFIX: TCM}], "type": "ObjectEvent", "action": "OBSERVE",
        "eventTime": iso_time(NOON, 480),
        "eventTimeZoneOffset": "+08:00", "readPoint": {"id": "https://trace.example/place/P"},
        "sensorElementList": elements, "bizStep": "sensor_reporting",
    }  # fmt: skip
    read_event(event)
    report = elements[0]["sensorReport"][0]  # type: ignore[index,call-overload]
    assert report["minValue"] == 18
    assert "maxValue" not in report  # 25.5 is no whole number: it stands exactly in tcm:most


def recorded(session: Session, sensor: dict[str, object], **fields: object) -> RecordedStep:
    new = step(
        "storage", 906, lots=[lot("BS-HERB")], sensors=[sensor], fields={"care": "inspection", **fields}
    )
    return recorder("store").record_step(session, new, at(906))


def keep_series(session: Session, body: bytes) -> None:
    new = DocumentNew(party=GROWER, kind=DocumentKind.SERIES, title="库温", visibility=Visibility.PUBLIC)
    kept = Kept(sha256=SHA, media_type="text/csv", size=len(body))
    by = recorder("document").declarer
    state_document(session, by, new, kept, at(905), series=stated(summary(body)))


def rules(found: RecordedStep) -> set[str]:
    return {each.rule.code for each in found.findings if each.rule.code.startswith(("sensor", "document"))}


def test_aggregates_that_are_those_of_their_series_are_believed(session: Session) -> None:
    keep_series(session, series(100))
    assert rules(recorded(session, claim())) == set()


def test_aggregates_without_their_series_are_flagged(session: Session) -> None:
    assert rules(recorded(session, claim())) == {"sensor.no_series"}


@pytest.mark.parametrize(
    "changes",
    [
        {"most": "19"}, {"least": "17.9"}, {"mean": "18.0", "least": "17", "most": "19"}, {"sdev": "0.1"},
        {"count": 99}, {"start": "2024-03-01T00:10:00+08:00"}, {"end": "2024-03-01T20:00:00+08:00"},
    ],
)  # fmt: skip
def test_aggregates_that_are_not_those_of_their_series_are_flagged(
    session: Session, changes: dict[str, object]
) -> None:
    keep_series(session, series(100))
    assert rules(recorded(session, claim(**changes))) == {"sensor.mismatch"}


@pytest.mark.parametrize(
    ("value", "warehouse", "wanted"),
    [
        ("20.0", "阴凉库", set()),
        ("20.1", "阴凉库", {"sensor.too_warm"}),
        ("1.5", "冷库", {"sensor.too_cold"}),
        ("10.5", "冷库", {"sensor.too_warm"}),
        ("40", "三号库", set()),
    ],
)
def test_a_store_is_held_against_the_storage_it_names(
    session: Session, value: str, warehouse: str, wanted: set[str]
) -> None:
    keep_series(session, series(100, value=value))
    same = claim(least=value, most=value, mean=value)
    assert rules(recorded(session, same, warehouse=warehouse)) == wanted


def test_what_a_storage_rule_rests_on_is_said_in_the_reader_s_language(session: Session) -> None:
    keep_series(session, series(100, value="25"))
    [found] = recorded(session, claim(least="25", most="25", mean="25"), warehouse="阴凉库").findings
    assert "待核" in found.message("zh")  # facts/storage_rules.csv: recalled
    assert "recalled" not in found.message("zh")
    assert "unchecked" in found.message("en")


def test_damp_and_dry_air_are_flagged(session: Session) -> None:
    humid = claim(quantity="RelativeHumidity", least="30", most="80", mean="60")
    found = rules(recorded(session, humid, warehouse="常温库"))
    assert found == {"sensor.no_series", "sensor.too_humid", "sensor.too_dry"}


def test_a_series_with_a_hole_is_flagged(session: Session) -> None:
    lines = series(100).splitlines(keepends=True)
    keep_series(session, b"".join(lines[:40] + lines[60:]))
    assert "sensor.gap" in rules(recorded(session, claim(count=80)))


def test_a_report_that_was_never_uploaded_is_said_to_be_missing(session: Session) -> None:
    def tested(sha256: str, day: int) -> set[str]:
        new = step(
            "test",
            day,
            lots=[lot("BS-HERB")],
            fields={"report_number": f"R-{day}", "report": f"sha256:{sha256}"},
            results=[{"measurand": "二氧化硫残留量", "value": "10", "unit": "mg/kg"}],
        )
        return rules(recorder(f"t{day}").record_step(session, new, at(day)))

    assert tested(SHA, 907) == {"document.missing"}
    keep_series(session, series(2))
    assert tested(SHA, 908) == set()
