"""`daodi keys` as people run it: keys made offline, changed in the log, and kept under a passphrase."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from api.cli.app import MISUSED, REFUSED, run
from ledger.keyring.key_files import KeyFolder, is_encrypted, read_key
from ledger.keyring.passphrases import Passphrase
from tests.api.spreadsheet import GROWER

Told = Callable[..., str]
KEY = re.compile(r"\b[0-9a-f]{32}\b")


@pytest.fixture
def passphrase(tmp_path: Path) -> Path:
    """A file with a passphrase, which the settings do not name yet."""
    path = tmp_path / "passphrase"
    path.write_text("open sesame\n")
    path.chmod(0o600)
    return path


def made(told: Told, path: Path) -> str:
    told("keys", "new", str(path), "--plain")
    registration = path.with_suffix(".json")
    told("keys", "sign-registration", str(path), "--holder", GROWER, "-o", str(registration))
    return str(json.loads(registration.read_text())["actor"])


def row_of(listed: str, key: str) -> str:
    return next(line for line in listed.splitlines() if key in line)


def test_a_partys_own_key_from_its_making_to_its_end(told: Told, tmp_path: Path) -> None:
    old, new = made(told, tmp_path / "old.key"), made(told, tmp_path / "new.key")
    assert old in told("keys", "register", str(tmp_path / "old.json"))
    told("keys", "register", str(tmp_path / "new.json"))
    listed = told("keys", "list")
    assert "the party" in row_of(listed, old)
    assert "active" in row_of(listed, old)
    rotation = tmp_path / "rotation.json"
    told("keys", "sign-rotation", str(tmp_path / "old.key"), "--successor", new, "-o", str(rotation))
    told("keys", "rotate", old, "--statement", str(rotation))
    revocation = tmp_path / "revocation.json"
    told("keys", "sign-revocation", str(tmp_path / "new.key"), "--reason", "ceased", "-o", str(revocation))
    told("keys", "revoke", new, "--statement", str(revocation))
    shown = told("keys", "show", GROWER)
    assert re.search(rf"successor\s+│ {new}", shown)
    assert re.search(r"reason\s+│ ceased", shown)
    assert "rotated" in row_of(told("keys", "list"), old)
    assert told("keys", "show", new).count(new) == 1
    assert "clean" in told("fsck")


def test_the_same_in_chinese(told: Told, tmp_path: Path) -> None:
    key = made(told, tmp_path / "own.key")
    told("keys", "register", str(tmp_path / "own.json"))
    told("keys", "revoke", key, "--reason", "lost")
    shown = told("--language", "zh", "keys", "show", key)
    for word in ("密钥", "持有者", "已吊销", "遗失", "主体自己"):
        assert word in shown


def test_what_is_signed_offline_needs_no_service(
    told: Told, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DAODI_FOLDER", str(tmp_path / "nowhere"))
    told("keys", "new", str(tmp_path / "own.key"), "--plain")
    own = str(tmp_path / "own.key")
    said = json.loads(
        told("keys", "sign-registration", own, "--holder", GROWER, "--log", "herbs.example/log")
    )
    assert said["log"] == "herbs.example/log"
    assert said["public"]["holder"] == GROWER
    assert not (tmp_path / "nowhere").exists()
    assert run(["keys", "sign-revocation", own, "--reason", "Not A Slug"]) == REFUSED
    assert run(["keys", "sign-rotation", own, "--successor", "nobody"]) == REFUSED
    assert run(["keys", "new", own, "--plain"]) == REFUSED  # never overwritten
    assert run(["keys", "new"]) == MISUSED
    assert "own" in capsys.readouterr().err


def test_a_key_held_here_is_renewed(told: Told) -> None:
    first = KEY.findall(told("keys", "rotate", GROWER))[0]
    second = KEY.findall(told("keys", "rotate", GROWER))[0]
    listed = told("keys", "list")
    assert "rotated" in row_of(listed, first)
    assert "active" in row_of(listed, second)
    assert "this service" in row_of(listed, second)


def test_the_logs_key_is_followed_by_another(told: Told, refused: Told) -> None:
    old = KEY.findall(told("keys", "list"))[0]
    refused("keys", "retire-log", old)
    added = told("keys", "rotate-log")
    new = KEY.findall(added)[0]
    vkey = added.split()[-1]
    overlap = told("keys", "list")
    assert overlap.count("log key localhost/daodi+") == 2
    told("keys", "retire-log", old)
    listed = told("keys", "list")
    assert "retired" in row_of(listed, old)
    assert "active" in row_of(listed, new)
    assert listed.startswith(f"log key {vkey}\n")
    assert "clean" in told("fsck")
    refused("keys", "retire-log", old)
    refused("keys", "retire-log", new)
    refused("keys", "retire-log", "nonsense")


@pytest.mark.parametrize(
    "arguments",
    [
        ["revoke", "0" * 32],
        ["revoke", "0" * 32, "--reason", "because"],
        ["show", "0" * 32],
        ["show", "nobody"],
        ["rotate", "nobody"],
        ["register", "nowhere.json"],
    ],
    ids=" ".join,
)
def test_a_key_that_is_not_there_is_named(refused: Told, arguments: list[str]) -> None:
    assert "remedy" in refused("keys", *arguments)


def test_a_statement_about_another_key_is_not_sent(told: Told, refused: Told, tmp_path: Path) -> None:
    key = made(told, tmp_path / "own.key")
    told("keys", "register", str(tmp_path / "own.json"))
    told("keys", "sign-revocation", str(tmp_path / "own.key"), "-o", str(tmp_path / "end.json"))
    assert "another key" in refused("keys", "revoke", "0" * 32, "--statement", str(tmp_path / "end.json"))
    assert "active" in row_of(told("keys", "list"), key)


def test_every_key_of_the_service_is_encrypted_and_the_passphrase_changed(
    told: Told,
    refused: Told,
    tmp_path: Path,
    passphrase: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told("keys", "rotate", GROWER)
    names = ("log", "webhook", f"parties/{GROWER}")
    files = [tmp_path / f"service/keys/{name}.key" for name in names]
    before = [read_key(path, None) for path in files]
    assert "DAODI_KEY_PASSPHRASE_FILE" in refused("keys", "protect")  # no terminal to ask
    monkeypatch.setenv("DAODI_KEY_PASSPHRASE_FILE", str(passphrase))
    assert told("keys", "protect").startswith("4 key files")  # a renewal keeps the old one
    assert told("keys", "protect").startswith("0 key files are encrypted now; 4 were")
    assert all(map(is_encrypted, files))
    told("keys", "rotate", GROWER)
    monkeypatch.delenv("DAODI_KEY_PASSPHRASE_FILE")
    assert "passphrase" in refused("keys", "rotate", GROWER)
    told("keys", "list")  # tells public halves, and needs none
    assert "clean" in told("fsck")
    new = tmp_path / "new"
    new.write_text("another one\n")
    new.chmod(0o600)
    monkeypatch.setenv("DAODI_KEY_PASSPHRASE_FILE", str(passphrase))
    # As if an earlier run had died after the first file.
    folder = KeyFolder(tmp_path / "service/keys", Passphrase("open sesame"))
    folder.rewrite("log", Passphrase("another one"), lambda count: bytes(count))
    assert told("keys", "change-passphrase", "--new-passphrase-file", str(new)).endswith(
        "5 key files is changed\n"
    )
    refused("keys", "rotate", GROWER)
    monkeypatch.setenv("DAODI_KEY_PASSPHRASE_FILE", str(new))
    told("keys", "rotate", GROWER)
    assert [read_key(path, Passphrase("another one")) for path in files] == before


def test_a_passphrase_file_others_can_read_stops_everything(
    refused: Told, passphrase: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    passphrase.chmod(0o644)
    monkeypatch.setenv("DAODI_KEY_PASSPHRASE_FILE", str(passphrase))
    said = refused("keys", "protect")
    assert "644" in said
    assert "sesame" not in said


def test_a_terminal_is_asked_and_shows_nothing(
    told: Told, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked: list[bool] = []

    def answer(_words: str, *, hide_input: bool, confirmation_prompt: bool, err: bool) -> str:
        assert hide_input
        assert err
        asked.append(confirmation_prompt)
        return "open sesame"

    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr("typer.prompt", answer)
    told("keys", "new", str(tmp_path / "own.key"))
    told("keys", "protect")
    told("keys", "rotate", GROWER)
    assert is_encrypted(tmp_path / "own.key")
    assert asked == [True, True, False]  # a new passphrase is asked for twice
    assert "sesame" not in capsys.readouterr().err
