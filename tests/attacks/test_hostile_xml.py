"""XML that wants more than to be read: entities, document types, depth, size, other encodings."""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from ledger.errors import DaodiError
from tests.trace.mofcom_season import MESSAGES, PLANT, document
from trace.errors import UnreadableFile
from trace.imports import read_steps
from trace.mofcom import xml_nodes
from trace.mofcom.xml_nodes import MOST_DEPTH

HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
LAUGHS = (
    HEAD
    + '<!DOCTYPE 追溯数据 [<!ENTITY a "哈">'
    + "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True))
    + "]><追溯数据><种植><备注>&i;</备注></种植></追溯数据>"
)
QUADRATIC = (
    HEAD + f'<!DOCTYPE 追溯数据 [<!ENTITY a "{"x" * 50_000}">]><追溯数据>' + "&a;" * 20_000 + "</追溯数据>"
)


def refused(body: bytes) -> str:
    with pytest.raises(UnreadableFile) as told:
        read_steps(body, "a.xml")
    return told.value.message("en")


@pytest.mark.parametrize("text", [LAUGHS, QUADRATIC])
def test_entities_are_never_expanded(text: str) -> None:
    assert "DTD or entities" in refused(text.encode())


@pytest.mark.parametrize(
    "doctype",
    [
        '<!DOCTYPE 追溯数据 [<!ENTITY x SYSTEM "file://{path}">]>',
        '<!DOCTYPE 追溯数据 [<!ENTITY % x SYSTEM "file://{path}"> %x;]>',
        '<!DOCTYPE 追溯数据 SYSTEM "file://{path}">',
        '<!DOCTYPE 追溯数据 PUBLIC "-//x//y" "http://127.0.0.1:9/x.dtd">',
        "<!DOCTYPE 追溯数据>",
    ],
)
def test_nothing_but_the_file_itself_is_read(tmp_path: Path, doctype: str) -> None:
    secret = tmp_path / "secret"
    secret.write_text("geheim")
    text = HEAD + doctype.format(path=secret) + "<追溯数据><种植><备注>&x;</备注></种植></追溯数据>"
    said = refused(text.encode())
    assert "DTD or entities" in said
    assert "geheim" not in said


def test_an_entity_without_a_declaration_is_no_xml() -> None:
    assert "well-formed" in refused(document(PLANT.replace("有机肥", "&nbsp;")))


def test_an_xinclude_is_an_element_like_any_other() -> None:
    include = '<include xmlns="http://www.w3.org/2001/XInclude" href="file:///etc/passwd" parse="text"/>'
    found = read_steps(document(f"<种植>{include}</种植>"), "a.xml")
    assert not found.steps
    assert "include" in {fault.at.field for fault in found.faults}


@pytest.mark.parametrize("depth", [MOST_DEPTH + 1, 100_000])
def test_depth_is_bounded(depth: int) -> None:
    deep = "<追溯数据>" + "<a>" * (depth - 1) + "</a>" * (depth - 1) + "</追溯数据>"
    assert "deep" in refused(deep.encode())


def test_too_many_elements_and_endless_text_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xml_nodes, "MOST_MESSAGES", 20)
    monkeypatch.setattr(xml_nodes, "MOST_ELEMENTS", 100)
    assert "too many" in refused(document(*["<种植/>"] * 21))
    assert "too many" in refused(document(f"<种植>{'<a/>' * 100}</种植>"))
    assert "too long" in refused(document(f"<种植><备注>{'长' * 5_000}</备注></种植>"))


@pytest.mark.parametrize(
    "body",
    [
        '<?xml version="1.0" encoding="UTF-16"?><追溯数据/>'.encode("utf-16"),
        '<?xml version="1.0" encoding="UTF-7"?>+ADw-'.encode("ascii"),
        '<?xml version="1.0" encoding="idna"?><追溯数据/>'.encode(),
        '<?xml version="1.0" encoding="UTF-8"?><追溯数据/>'.encode("gb18030"),
        b"<",
        b"<\x00",
        "<追溯数据>".encode(),
        "<追溯数据></追溯数据><追溯数据/>".encode(),
        b"<html><script/></html>",
        document("<一切/>"),
    ],
)
def test_what_is_no_file_of_ours_is_refused_as_a_whole(body: bytes) -> None:
    with pytest.raises(DaodiError):
        read_steps(body, "a.xml")


@given(place=st.integers(0, 5_000), piece=st.text(max_size=8))
def test_a_file_changed_anywhere_is_read_or_refused_in_our_words(place: int, piece: str) -> None:
    text = document(*MESSAGES).decode()
    place %= len(text)
    changed = (text[:place] + piece + text[place + len(piece) :]).encode("utf-8", "surrogatepass")
    with suppress(DaodiError):  # any other error fails the test
        read_steps(changed, "a.xml")


def test_the_service_answers_bombs_with_a_problem(client: TestClient, token_with: Callable[..., str]) -> None:
    headers = {"Authorization": f"Bearer {token_with('steps:write')}"}
    for route in ("mofcom", "steps"):
        answer = client.post(
            f"/v1/imports/{route}", files={"file": ("a.xml", LAUGHS.encode(), "text/xml")}, headers=headers
        )
        assert answer.status_code == 422
        assert answer.json()["errors"] or "DTD" in answer.json()["detail"]
