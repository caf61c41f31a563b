"""Whatever bytes are handed in as regressors, they are read or refused with words."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.errors import DaodiError
from priceindex.forecast.fitted import regressor_file
from priceindex.forecast.fitted.regressors import read_regressors
from priceindex.forecast.forecast_errors import RegressorsMalformed

SIGNS = st.sampled_from('x,2024-015"\n\r\t\x00=+-.e９月')
LINES = st.lists(st.text(SIGNS, max_size=30), max_size=8)
FILES = LINES.map(lambda rows: "\n".join(["name,period,value", *rows]).encode())


@given(body=st.one_of(st.binary(max_size=200), FILES))
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    with contextlib.suppress(DaodiError):
        assert read_regressors(body).values


def test_digits_of_other_scripts_make_no_period() -> None:
    with pytest.raises(RegressorsMalformed):
        read_regressors("name,period,value\nx,２０２４,1\n".encode())


def test_a_file_without_end_is_refused_at_its_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(regressor_file, "MOST_ROWS", 3)
    rows = "".join(f"x,{year},1\n" for year in range(2000, 2004))
    with pytest.raises(RegressorsMalformed, match="3"):
        read_regressors(f"name,period,value\n{rows}".encode())


def test_a_name_cannot_carry_control_characters_into_messages() -> None:
    with pytest.raises(RegressorsMalformed):
        read_regressors(b'name,period,value\n"a\x1b[31m",2024,1\n')
