"""Files taken in at once: so many that other requests still find a thread."""

import pytest

from api.errors import TooBusy
from api.import_turns import ImportTurns


def test_a_file_too_many_is_asked_to_come_back_and_room_is_given_again() -> None:
    turns = ImportTurns(most=2)
    with turns.room(), turns.room(), pytest.raises(TooBusy), turns.room():
        pytest.fail("a third file was let in")
    with turns.room(), turns.turn():
        pass
