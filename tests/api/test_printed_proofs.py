"""The printed proof as people meet it: sheet, code read back by another program, `daodi verify`."""

import io
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
import segno
import zxingcpp

from api.cli.app import run
from api.web.proof_sheet import code_png, code_svg
from ledger.proofs.bundle import verify_receipt
from ledger.proofs.printed_proof import MAX_BYTES, from_text, to_text
from ledger.witnessing.policy import Policy
from tests.journeys.small_city import Asked, small_city


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Asked:
    with small_city(tmp_path_factory.mktemp("city")) as asked:
        yield asked


def fetched(city: Asked, wanted: str) -> bytes:
    answer = city.client.get(f"/v1/printed-proofs/{city.city.sold_statement}", params={"as": wanted})
    assert answer.status_code == 200
    return answer.content


def read_by_another_program(matrix: np.ndarray) -> str:
    """What zxing-cpp, which knows nothing of segno, reads in the drawn modules."""
    found = zxingcpp.read_barcodes(matrix)
    assert [each.format for each in found] == [zxingcpp.BarcodeFormat.QRCode]
    return found[0].text


def drawn_by_path(svg: bytes) -> np.ndarray:
    """The modules of the SVG drawing that bears the code's path, three pixels each."""
    root = ElementTree.fromstring(svg)  # noqa: S314  our own drawing
    path = next(each.get("d") for each in root.iter() if each.tag.endswith("path"))
    view = next(each.get("viewBox") for each in root.iter() if (each.get("viewBox") or "").startswith("-"))
    side = int(view.split()[2])
    modules = np.full((side, side), 255, dtype=np.uint8)
    for run_of in path.split("M")[1:]:
        place, _, rest = run_of.partition("h")
        x, y = map(int, place.split())
        modules[y + 4, x + 4 : x + 4 + int(rest.partition("v")[0])] = 0
    return modules.repeat(3, axis=0).repeat(3, axis=1)


def test_the_sheet_shows_the_code_that_another_program_reads(city: Asked) -> None:
    text = fetched(city, "text").decode()
    sheet = fetched(city, "sheet")
    assert read_by_another_program(drawn_by_path(sheet)) == text
    found = verify_receipt(from_text(text), Policy.of_log(city.station.vkey))
    assert found.entry.statement.id == city.city.sold_statement
    drawing = ElementTree.fromstring(sheet)  # noqa: S314  our own drawing
    words = " ".join("".join(each.itertext()) for each in drawing.iter())
    for told in ("销售", "sale", "YP-1：1 公斤", "白芍", city.city.sold_statement, f"第 {found.index} 号"):
        assert told in words
    for told in (
        "无见证",
        "by nobody",
        "daodi verify proof.txt --policy policy.txt",
        "不证明",
        "does not prove",
    ):
        assert told in words


def test_the_largest_code_is_read_by_another_program() -> None:
    text = to_text(bytes(range(256)) * 11 + bytes(MAX_BYTES - 256 * 11))
    code = segno.make_qr(text, error="l", mode="alphanumeric")
    assert code.designator == "40-L"
    pixels = [[0 if dark else 255 for dark in row] for row in code.matrix_iter(scale=3, border=4)]
    assert read_by_another_program(np.array(pixels, dtype=np.uint8)) == text
    assert code_png(text).startswith(b"\x89PNG")
    ElementTree.parse(io.BytesIO(code_svg(text)))  # noqa: S314  our own drawing


def test_nothing_is_loaded_or_run_with_a_sheet(city: Asked) -> None:
    sheet = fetched(city, "sheet").decode()
    assert "<script" not in sheet
    assert "href" not in sheet
    assert " style=" not in sheet


def test_a_statement_nobody_knows_has_no_sheet(city: Asked) -> None:
    assert city.client.get("/v1/printed-proofs/urn:uuid:none").status_code == 404


def test_paper_is_checked_on_the_command_line(
    city: Asked, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DAODI_FOLDER", str(city.station.settings.folder))
    monkeypatch.setenv("DAODI_ORIGIN", city.station.settings.origin)
    scanned = tmp_path / "proof.txt"
    assert run(["print-proof", city.city.sold_statement, "-o", str(scanned)]) == 0
    assert scanned.read_text() == fetched(city, "text").decode() + "\n"
    capsys.readouterr()
    assert run(["--language", "en", "verify", str(scanned), "--trust", city.station.vkey]) == 0
    told = capsys.readouterr().out
    assert "Step: sale" in told
    assert "Amount: YP-1: 1 kg" in told
    assert "verified: the signer stated this" in told
    scanned.write_text(scanned.read_text().replace("A", "B", 1).replace("C", "D"))
    assert run(["verify", str(scanned), "--trust", city.station.vkey]) == 1
    assert run(["print-proof", city.city.codes[0], "-o", str(tmp_path / "pack.svg")]) == 0
    assert "包装赋码" in (tmp_path / "pack.svg").read_text() or "包装" in (tmp_path / "pack.svg").read_text()
    assert run(["print-proof", city.city.codes[0], "-o", str(tmp_path / "pack.pdf")]) == 1
    assert run(["print-proof", "urn:uuid:none", "-o", str(tmp_path / "none.svg")]) == 1
