"""Of a file every fault is listed, because somebody mends it row by row; of a JSON body the first will do."""

import pytest

from api.errors import FieldWrong, RequestTooLarge
from api.problems import problem_of
from ledger.errors import Location, ManyFaults


def faults(count: int, *, rows: bool) -> ManyFaults:
    places = [Location(row=number + 2) if rows else Location(field=f"/{number}") for number in range(count)]
    return ManyFaults([FieldWrong(reason_zh="错", reason_en="bad", at=at) for at in places])


def test_every_row_of_a_file_is_listed() -> None:
    told = problem_of(faults(1500, rows=True), "en")
    assert [fault.row for fault in told.errors] == list(range(2, 1502))
    assert told.count == 1500


def test_a_body_of_json_gets_a_bounded_list_and_the_whole_count() -> None:
    told = problem_of(faults(1500, rows=False), "en")
    assert (len(told.errors), told.count) == (200, 1500)


@pytest.mark.parametrize(("count", "said"), [(1, "1 fault was found"), (2, "2 faults were found")])
def test_one_fault_is_one_fault(count: int, said: str) -> None:
    assert problem_of(faults(count, rows=True), "en").detail == f"{said}; nothing was written"


def test_a_caller_of_the_interface_is_told_of_no_command_line_option() -> None:
    for language in ("zh", "en"):
        assert "--" not in problem_of(faults(2, rows=True), language).remedy


def test_a_table_too_large_is_not_sent_to_the_table_import_it_came_from() -> None:
    error = RequestTooLarge(limit=1)
    assert "rows" in error.remedy("en")
    assert "use the spreadsheet import" not in error.remedy("en")
