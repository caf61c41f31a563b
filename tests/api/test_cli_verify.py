"""`daodi verify` as a stranger uses it: what holds, what was changed, and what was never compared."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from api.cli import deployment
from api.cli.app import DONE, REFUSED, run
from ledger import log
from ledger.canonical import canonical
from ledger.keys import SigningKey
from ledger.note import NoteKey, encode_base64
from priceindex import service

STATEMENT = "release:bozhou-2025-03-31"


@dataclass(frozen=True)
class Published:
    """What a stranger downloaded, in a folder without a service."""

    bundle: Path
    receipt: Path
    key: str
    home: Path
    """The folder of the service that published it."""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Published]:
    folder = tmp_path_factory.mktemp("published")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DAODI_FOLDER", str(folder / "service"))
        patch.setenv("DAODI_LANGUAGE", "en")
        quotes = folder / "quotes.csv"
        quotes.write_text(_quotes(), "utf-8")
        assert run(["init"]) == DONE
        assert run(["import", "quotes", str(quotes), "--source", "bozhou"]) == DONE
        assert run(["index", "publish"]) == DONE
        settings = deployment.settings()
        with deployment.reading(settings) as session:
            bundle = service.bundle(session, STATEMENT.partition(":")[2])
            receipt = log.receipt(session, STATEMENT).to_text()
        (folder / "bundle.json").write_bytes(bundle)
        (folder / "receipt.txt").write_text(receipt, "utf-8", newline="\n")
        key = deployment.trusted_key(settings)
        yield Published(folder / "bundle.json", folder / "receipt.txt", key, folder / "service")


@pytest.fixture
def published(made: Published, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Published:
    """Nothing but the files: no service, no log."""
    monkeypatch.setenv("DAODI_FOLDER", str(tmp_path / "nowhere"))
    monkeypatch.setenv("DAODI_LANGUAGE", "en")
    return made


@pytest.fixture
def altered(published: Published, tmp_path: Path) -> Path:
    """The bundle with one price a fen higher: canonical, and consistent in itself."""
    told = json.loads(published.bundle.read_bytes())
    told["quotes"]["fen"][-1] += 1
    path = tmp_path / "altered.json"
    path.write_bytes(canonical(told))
    return path


def test_a_bundle_holds_with_its_receipt(published: Published, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["--receipt", str(published.receipt), "--trust", published.key]
    assert run(["verify", str(published.bundle), *arguments]) == DONE
    said = capsys.readouterr().out
    assert "the release holds: bozhou-2025-03-31, composite 1" in said
    assert "the input digest is that of entry 1 of the log" in said


def test_an_altered_bundle_fails_against_the_receipt(
    published: Published, altered: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["--receipt", str(published.receipt), "--trust", published.key]
    assert run(["verify", str(altered), *arguments]) == REFUSED
    said = capsys.readouterr()
    assert "the check failed: bozhou-2025-03-31" in said.err
    assert "holds" not in said.out


def test_a_bundle_alone_is_recomputed_and_refused(
    published: Published, altered: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for path in (published.bundle, altered):
        assert run(["verify", str(path)]) == REFUSED
        said = capsys.readouterr()
        assert "recomputed from the bundle" in said.out
        assert "NOT compared with any log" in said.err
        assert "--receipt FILE --trust VKEY" in said.err


def test_where_the_log_is_kept_it_is_compared_with(
    published: Published, altered: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DAODI_FOLDER", str(published.home))
    assert run(["verify", str(published.bundle)]) == DONE
    assert "the release holds: bozhou-2025-03-31" in capsys.readouterr().out
    assert run(["verify", str(altered)]) == REFUSED
    assert "the check failed: bozhou-2025-03-31" in capsys.readouterr().err


def test_the_receipt_of_something_else_proves_no_release(
    published: Published, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DAODI_FOLDER", str(published.home))
    with deployment.reading(deployment.settings()) as session:
        registered = log.entry_at(session, 0).entry.statement.id
        text = log.receipt(session, registered).to_text()
    path = tmp_path / "key.txt"
    path.write_text(text, "utf-8", newline="\n")
    assert run(["verify", str(published.bundle), "--receipt", str(path)]) == REFUSED
    assert "not of an index release" in capsys.readouterr().err


def test_an_option_without_a_use_is_refused(published: Published, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["verify", str(published.bundle), "--trust", published.key]) == REFUSED
    assert "the option --trust has no use" in capsys.readouterr().err
    assert run(["verify", str(published.receipt), "--receipt", str(published.receipt)]) == REFUSED
    assert "the option --receipt has no use" in capsys.readouterr().err


def test_the_json_of_a_receipt_is_verified_like_the_file(
    published: Published, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "receipt.json"
    path.write_text(json.dumps({"state": "integrated", "receipt": published.receipt.read_text("utf-8")}))
    assert run(["verify", str(path), "--trust", published.key]) == DONE
    assert "the receipt holds: entry 1" in capsys.readouterr().out
    path.write_text(json.dumps({"state": "pending", "statement_id": STATEMENT, "receipt": None}))
    assert run(["verify", str(path), "--trust", published.key]) == REFUSED
    assert f"the statement {STATEMENT} waits to enter the log" in capsys.readouterr().err


def test_a_wrong_key_is_not_blamed_on_the_file(
    published: Published, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["verify", str(published.receipt), "--trust", "no key"]) == REFUSED
    said = capsys.readouterr().err
    assert "what --trust gives is not a log key" in said
    assert "fetch" not in said
    stranger = NoteKey("localhost/daodi", SigningKey.from_seed(b"\1" * 32).public).to_vkey()
    assert run(["verify", str(published.receipt), "--trust", stranger]) == REFUSED
    said = capsys.readouterr().err
    assert f"not by the trusted key {stranger}" in said
    assert "see first whether the key given with --trust" in said


def test_an_altered_leaf_is_not_to_be_trusted(
    published: Published, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = published.receipt.read_text("utf-8")
    leaf = _leaf(text)
    for broken in (leaf.replace(b'"kind"', b'"kinb"'), leaf.replace(b'"revision":0', b'"revision":1')):
        path = tmp_path / "receipt.txt"
        path.write_text(text.replace(encode_base64(leaf), encode_base64(broken)), "utf-8", newline="\n")
        assert run(["verify", str(path), "--trust", published.key]) == REFUSED
        said = capsys.readouterr().err
        assert "remedy: do not trust it; fetch it again" in said
        assert "mend" not in said


def _leaf(receipt: str) -> bytes:
    """Return what the receipt's extra line holds, in which the leaf stands."""
    from ledger.note import decode_base64

    return decode_base64(receipt.split("\n")[1].removeprefix("extra "))


def _quotes() -> str:
    lines = ["herb,spec,origin,market,date,price_yuan_per_kg"]
    for day in range(2, 32):
        lines.append(f"白芍,统,安徽,亳州,2025-03-{day:02},{30 + day // 10}.0")
        lines.append(f"白芍,选,安徽,亳州,2025-03-{day:02},{40 + day // 10}.5")
        lines.append(f"茯苓,丁,安徽,亳州,2025-03-{day:02},24.0")
    return "\n".join(lines) + "\n"
