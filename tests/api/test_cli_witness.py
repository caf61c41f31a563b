"""`daodi witness`: set up, look at, and check policies, in both languages and with every refusal."""

from pathlib import Path

import pytest

from api.cli.app import DONE, REFUSED, run
from api.witness_setup import open_witness
from ledger.keys import SigningKey
from ledger.note import NoteKey
from ledger.witnessing.cosignature import CosignerKey
from tests.ledger.small_witness import LOG, NOW_S, ORIGIN, Tree

OTHER = NoteKey("log.example/anguo", SigningKey.from_seed(b"\x55" * 32).public)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Path:
    """The folder of a witness of one log."""
    monkeypatch.setenv("DAODI_FOLDER", str(tmp_path / "service"))
    monkeypatch.setenv("LANG", "en_GB.UTF-8")
    monkeypatch.setenv("COLUMNS", "200")
    made = tmp_path / "witness"
    assert run(["witness", "init", "w.example", "--log", LOG.to_vkey(), "--folder", str(made)]) == DONE
    capsys.readouterr()
    return made


def test_init_prints_the_key_alone_on_its_line_and_changes_nothing_when_run_again(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    again = ["witness", "init", "w.example", "--log", OTHER.to_vkey(), "--folder", str(folder)]
    assert run(again) == DONE
    first = capsys.readouterr()
    key = CosignerKey.from_vkey(first.out.splitlines()[-1])
    assert key.name == "w.example"
    assert key.to_vkey() in first.err  # the line for the log's policy file
    assert run([*again, "--language", "zh"]) == DONE
    second = capsys.readouterr()
    assert second.out.splitlines()[-1] == key.to_vkey()
    assert "切勿从旧备份恢复" in second.err
    witness = open_witness(folder, lambda: NOW_S)
    witness.store.close()
    assert set(witness.logs) == {ORIGIN, OTHER.name}
    assert (folder / "keys" / "witness.key").stat().st_mode & 0o077 == 0
    assert (folder / "witness.sqlite").stat().st_mode & 0o077 == 0


def test_show_tells_what_was_cosigned_last(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    witness = open_witness(folder, lambda: NOW_S)
    witness.add_checkpoint(Tree().offer(0, 9))
    witness.store.close()
    for language, said in (("en", "witness key w.example+"), ("zh", "见证方公钥 w.example+")):
        assert run(["witness", "show", "--folder", str(folder), "--language", language]) == DONE
        out = capsys.readouterr().out
        assert said in out
        assert ORIGIN in out
        assert "2025-11-24 16:00:00 UTC" in out  # 1764000000, by `date -u -d @1764000000`
        assert Tree().root(9).hex()[:16] in out


@pytest.mark.parametrize("command", ["serve", "show", "init"])
def test_a_witness_without_its_memory_does_nothing(
    folder: Path, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    (folder / "witness.sqlite").unlink()
    arguments = ["w.example", "--log", LOG.to_vkey()] if command == "init" else []
    assert run(["witness", command, *arguments, "--folder", str(folder)]) == REFUSED
    assert "the file witness.sqlite is gone" in capsys.readouterr().err
    assert not (folder / "witness.sqlite").exists()


def test_a_log_that_is_listed_and_not_enrolled_is_not_served(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with (folder / "logs.policy").open("r+") as listed:
        rest = listed.read()
        listed.seek(0)
        listed.write(f"log {OTHER.to_vkey()}\n{rest}")
    assert run(["witness", "serve", "--folder", str(folder)]) == REFUSED
    assert "it knows nothing of the log log.example/anguo" in capsys.readouterr().err


def test_another_witnesses_key_or_name_does_not_take_over_a_memory(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    renamed = ["witness", "init", "v.example", "--log", LOG.to_vkey(), "--folder", str(folder)]
    assert run(renamed) == REFUSED
    assert "not of one witness" in capsys.readouterr().err
    other = tmp_path / "other"
    assert run(["witness", "init", "w.example", "--log", LOG.to_vkey(), "--folder", str(other)]) == DONE
    (other / "keys" / "witness.key").replace(folder / "keys" / "witness.key")
    capsys.readouterr()
    assert run(["witness", "serve", "--folder", str(folder)]) == REFUSED
    assert "not of one witness" in capsys.readouterr().err


@pytest.mark.usefixtures("folder")
def test_a_folder_without_a_witness_says_what_to_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for command in ("serve", "show"):
        assert run(["witness", command, "--folder", str(tmp_path / "nowhere")]) == REFUSED
        assert "daodi witness init" in capsys.readouterr().err
    assert run(["witness", "init", "a b", "--log", LOG.to_vkey(), "--folder", str(tmp_path / "x")]) == REFUSED
    assert run(["witness", "init", "w", "--log", "nonsense", "--folder", str(tmp_path / "y")]) == REFUSED
    assert not (tmp_path / "x").exists()
    assert not (tmp_path / "y").exists()


@pytest.mark.usefixtures("folder")
def test_a_policy_file_is_explained(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    key = CosignerKey("w.example", SigningKey.from_seed(b"\x66" * 32).public).to_vkey()
    file = tmp_path / "our.policy"
    file.write_text(f"log {LOG.to_vkey()}\nwitness 监管局 {key} https://w.example/\nquorum 监管局\n", "utf-8")
    assert run(["witness", "policy", str(file)]) == DONE
    out = capsys.readouterr().out
    assert "a checkpoint needs 监管局: 1 cosignatures at least" in out
    assert LOG.to_vkey() in out
    assert "https://w.example/" in out
    assert run(["witness", "policy", str(file), "--language", "zh"]) == DONE
    assert "最少 1 个见证签名" in capsys.readouterr().out
    file.write_text("quorum none\n")
    assert run(["witness", "policy", str(file)]) == DONE
    assert "no cosignature is asked for" in capsys.readouterr().out


@pytest.mark.usefixtures("folder")
def test_a_key_with_plus_signs_is_shown_by_its_name_and_hash(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    seeds = (SigningKey.from_seed(number.to_bytes(32)) for number in range(100))
    keys = (CosignerKey("w.example", seed.public).to_vkey() for seed in seeds)
    key = next(each for each in keys if each.count("+") > 3)
    file = tmp_path / "our.policy"
    file.write_text(f"log {LOG.to_vkey()}\nwitness w {key} https://w.example/\nquorum w\n", "utf-8")
    assert run(["witness", "policy", str(file)]) == DONE
    name, key_hash, rest = key.split("+", 2)
    out = capsys.readouterr().out
    assert f"{name}+{key_hash}" in out
    assert rest[:8] not in out


@pytest.mark.usefixtures("folder")
def test_a_broken_policy_file_is_refused_by_its_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "our.policy"
    file.write_text("# no more than this\nquorum me\n")
    assert run(["witness", "policy", str(file)]) == REFUSED
    said = capsys.readouterr().err
    assert "line 2 of the policy is wrong" in said
    assert "our.policy" in said
    assert run(["witness", "policy", str(tmp_path / "absent")]) == REFUSED
    assert "absent" in capsys.readouterr().err


@pytest.mark.usefixtures("folder")
def test_without_a_policy_the_command_says_that_nobody_watches(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert run(["init"]) == DONE
    capsys.readouterr()
    assert run(["witness", "policy"]) == REFUSED
    assert "published without witnesses" in capsys.readouterr().err
    key = CosignerKey("w.example", SigningKey.from_seed(b"\x66" * 32).public).to_vkey()
    file = tmp_path / "our.policy"
    file.write_text(f"witness w {key}\nquorum w\n")
    monkeypatch.setenv("DAODI_POLICY_FILE", str(file))
    assert run(["witness", "policy"]) == DONE
    out = capsys.readouterr().out
    assert "published up to 0 entries, signed up to 1" in out or "published up to 1" in out
    assert "never answered" in out
    file.write_text(f"log {OTHER.to_vkey()}\nwitness w {key}\nquorum w\n")
    assert run(["witness", "policy"]) == REFUSED
    assert "leaves out this log" in capsys.readouterr().err
