"""`daodi verify` on the answer of /v1/log/subjects/…: saved as a file, checked without the log."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from api.cli.app import DONE, REFUSED, run
from api.station import Station
from ledger.keys import SigningKey
from ledger.note import NoteKey
from tests.api.witnessed import submit

Answer = dict[str, Any]
Verified = Callable[..., int]


@pytest.fixture
def asked(client: TestClient, station: Station) -> Callable[[str], Answer]:
    """What the service says of a subject; its log was indexed when it had three entries."""
    for name in ("a", "b"):
        submit(station, name)
    station.settle()
    station.subject_indexing.run_if_due()
    station.settle()
    return lambda subject: client.get(f"/v1/log/subjects/{subject}").json()


@pytest.fixture
def verified(tmp_path: Path, station: Station, monkeypatch: pytest.MonkeyPatch) -> Verified:
    """Check an answer as a stranger: without a service, with the log's key."""
    monkeypatch.setenv("DAODI_FOLDER", str(tmp_path / "nowhere"))
    monkeypatch.setenv("DAODI_LANGUAGE", "en")
    monkeypatch.setenv("COLUMNS", "250")
    key = station.vkey

    def verify(answer: Answer, trust: str = key) -> int:
        (tmp_path / "subject.json").write_text(json.dumps(answer), "utf-8")
        return run(["verify", str(tmp_path / "subject.json"), "--trust", trust])

    return verify


def test_a_newest_entry_and_an_absence_hold_up_to_a_size(
    asked: Callable[[str], Answer], verified: Verified, capsys: pytest.CaptureFixture[str]
) -> None:
    assert verified(asked("test/1")) == DONE
    assert "up to size 3: test/1 has 2 entries" in capsys.readouterr().out
    assert verified(asked("lot/NO-SUCH")) == DONE
    said = capsys.readouterr().out
    assert "up to size 3: the log has no entry on lot/NO-SUCH" in said
    assert "the log's signature is good" in said


@pytest.mark.parametrize(
    "change",
    [
        {"subject": "zzz"},
        {"subject": "test/1", "state": "present"},
        {"state": "present"},
        {"size": 4},
        {"count": 3},
        {"root": "0" * 64},
        {"entry_index": 2},
        {"statement_id": "subjects.indexed/4"},
        {"before": None},
        {"after": None},
        {"newest": {}},
        {"receipt": ""},
    ],
    ids=str,
)
def test_an_absence_that_was_changed_does_not_hold(
    asked: Callable[[str], Answer],
    verified: Verified,
    change: Answer,
    capsys: pytest.CaptureFixture[str],
) -> None:
    between = asked("lot/NO-SUCH")
    assert {"before", "after"} <= between.keys()
    assert verified(between | change) == REFUSED
    assert "does not hold" in capsys.readouterr().err


def test_another_log_key_or_another_statements_receipt_is_refused(
    client: TestClient, asked: Callable[[str], Answer], verified: Verified, station: Station
) -> None:
    answer = asked("test/1")
    stranger = NoteKey(station.settings.origin, SigningKey.from_seed(b"s" * 32).public).to_vkey()
    assert verified(answer, stranger) == REFUSED
    answer["receipt"] = client.get("/v1/receipts/a", params={"as": "text"}).text
    assert verified(answer) == REFUSED
