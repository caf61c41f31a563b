"""Cells meant to break what reads them here, or the spreadsheet of whoever opens our tables."""

import csv
import io

import pytest

from api.pasted_blocks import read_block
from api.web.csv_body import csv_body
from trace.errors import UnreadableFile
from trace.supervision.trade_sheet import read_register

BEYOND = "x" * (csv.field_size_limit() + 1)


@pytest.mark.parametrize("cell", [BEYOND, f'"采收\t{BEYOND}'])
def test_no_cell_is_long_enough_to_break_a_pasted_block(cell: str) -> None:
    with pytest.raises(UnreadableFile):
        read_block(f"环节\t时间\n{cell}", None, None)


@pytest.mark.parametrize("cell", [BEYOND, f'"{BEYOND}'])
def test_no_cell_is_long_enough_to_break_the_register_of_the_trade(cell: str) -> None:
    with pytest.raises(UnreadableFile):
        read_register(f"unit,name\n{cell}".encode(), "register.csv")


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n"])
def test_no_sign_makes_a_cell_of_ours_a_formula(sign: str) -> None:
    written = csv_body(["lot"], [[f"{sign}cmd|'/c calc'!A1"]]).decode("utf-8-sig")
    (_, (cell,)) = csv.reader(io.StringIO(written, newline=""))
    assert cell.startswith("'")
