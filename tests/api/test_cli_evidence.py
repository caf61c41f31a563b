"""`daodi verify` on evidence: each check by name, and a clear end."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from api.cli.app import run
from ledger.log import receipt
from tests.ledger.evidence_log import POLICY, rich_log
from tests.ledger.small_log import VKEY


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[str, str]:
    monkeypatch.setenv("DAODI_LANGUAGE", "zh")
    log = rich_log(tmp_path)
    (tmp_path / "evidence.json").write_bytes(log.evidence())
    log.engine.dispose()
    (tmp_path / "policy.txt").write_text(POLICY, "utf-8")
    return str(tmp_path / "evidence.json"), str(tmp_path / "policy.txt")


def test_good_evidence_is_told_check_by_check(
    files: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["verify", files[0], "--policy", files[1]]) == 0
    told = capsys.readouterr().out
    assert told.count("✓") == 10
    assert "完整至第 26 条" in told


def test_tampered_evidence_ends_with_the_check_that_failed(
    files: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    file = json.loads(Path(files[0]).read_bytes())
    file["code"]["place"] += 1
    text = json.dumps(file, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    Path(files[0]).write_text(text, "utf-8")
    assert run(["verify", files[0], "--policy", files[1]]) == 1
    told = capsys.readouterr()
    assert "✗ 追溯码属于其批次" in told.out
    assert "证据核验不通过" in told.err


def test_a_receipt_names_the_witnesses_that_cosigned_and_when(
    files: tuple[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "again").mkdir()
    log = rich_log(tmp_path / "again")
    with log.read() as session:
        made = receipt(session, "s0")
    cosigned = "\n".join(json.loads(log.evidence())["checkpoint"]) + "\n"
    log.engine.dispose()
    (tmp_path / "receipt.txt").write_text(replace(made, checkpoint_text=cosigned).to_text(), "utf-8")
    assert run(["verify", str(tmp_path / "receipt.txt"), "--policy", files[1]]) == 0
    told = capsys.readouterr().out
    assert told.count("2025-01-01 01:00:00 UTC 见证") == 2  # 1735693200, by `date -u -d @1735693200`
    assert "witness0.example" in told
    assert run(["verify", str(tmp_path / "receipt.txt"), "--trust", VKEY]) == 0
    assert "没有核对见证" in capsys.readouterr().out
