"""What others wrote and our pages load: it is what is listed, has a licence, and is kept for ever."""

import base64
import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from api.web.assets import asset_path

FOLDER = Path(__file__).resolve().parents[2] / "api" / "web" / "static" / "vendor"
LISTED: list[dict[str, Any]] = json.loads((FOLDER / "vendored.json").read_text("utf-8"))


@pytest.mark.parametrize("each", LISTED, ids=lambda each: each["file"])
def test_a_changed_byte_of_a_vendored_file_is_seen(each: dict[str, Any]) -> None:
    body = (FOLDER / each["file"]).read_bytes()
    digest = base64.b64encode(hashlib.sha384(body).digest()).decode()
    assert (f"sha384-{digest}", len(body)) == (each["sha384"], each["bytes"])
    assert each["licence"]


def test_nothing_lies_there_that_is_not_listed() -> None:
    listed = {each["file"] for each in LISTED}
    assert {each.name for each in FOLDER.iterdir()} == listed | {"package.json", "vendored.json"}


def test_listed_versions_are_those_that_are_pinned() -> None:
    pinned = json.loads((FOLDER / "package.json").read_text("utf-8"))["dependencies"]
    assert {each["package"]: each["version"] for each in LISTED} == pinned


def test_the_decoder_is_kept_for_ever_and_goes_out_compressed(client: TestClient) -> None:
    address = asset_path("vendor/zxing-reader.wasm")
    answer = client.get(address)
    assert answer.headers["content-type"] == "application/wasm"
    assert "immutable" in answer.headers["cache-control"]
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.content == (FOLDER / "zxing-reader.wasm").read_bytes()
    wrong = client.get(address[:-4] + "0000")
    assert wrong.headers["cache-control"] == "no-cache"
