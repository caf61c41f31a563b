"""GS1 Digital Link against GS1's own vectors and its syntax dictionary, read from the shared folder.

Two vectors ask for modes we do not offer, and one legacy mode is offered by name only: each is argued here.
"""

import csv
import io
import json
import re
from pathlib import Path

import pytest

from trace.facts import FOLDER
from trace.links.digital_link import (
    DigitalLink,
    arrange,
    build_digital_link,
    parse_digital_link,
)
from trace.links.element_strings import parse_elements
from trace.links.gs1_identifiers import identifiers
from trace.links.link_errors import BadDigitalLink, BadElementString
from trace.links.percent import escape_path, escape_query, unescape_path, unescape_query

pytestmark = pytest.mark.shared

NOT_OFFERED = {
    # "convenience alphas" (/gtin/, /ser/) were taken out of the standard with version 1.2
    1438: "permitConvenienceAlphas",
    # identifiers GS1 has not allocated: nobody can say what they mean, so an address with one is refused
    1767: "permitUnknownAIs",
}
"""Line of the vector in the engine's own test, and the mode it needs."""


@pytest.fixture(scope="module")
def vectors(shared: Path) -> dict:
    return json.loads((shared / "vectors" / "digitallink" / "gs1_dl_vectors.json").read_bytes())


def element_string(link: DigitalLink) -> str:
    """The elements as GS1's engine writes them: ^ before the first and after each of variable length."""
    known, text = identifiers(), "^"
    for place, (ai, value) in enumerate(link.elements):
        text += f"{ai}{value}"
        if place < len(link.elements) - 1 and not known[ai].fixed:
            text += "^"
    return text


def test_every_address_is_read_as_gs1s_engine_reads_it(vectors: dict) -> None:
    differing = []
    for vector in vectors["parse"]:
        try:
            link = parse_digital_link(vector["uri"], short_gtin=vector["flags"]["permitZeroSuppressedGTIN"])
        except BadDigitalLink:
            got = None
        else:
            got = element_string(link)
        if got != (vector["expect_fnc1_ai_string"] if vector["valid"] else None):
            differing.append(vector["line"])
    assert differing == list(NOT_OFFERED)
    assert len(vectors["parse"]) == 59


def test_what_is_not_offered_is_only_what_needs_another_mode(vectors: dict) -> None:
    by_line = {vector["line"]: vector["flags"] for vector in vectors["parse"]}
    assert all(by_line[line][mode] for line, mode in NOT_OFFERED.items())


def test_every_address_is_written_as_gs1s_engine_writes_it(vectors: dict) -> None:
    for vector in vectors["generate"]:
        try:
            link = arrange(parse_elements(vector["bracketed_ai"]), vector["stem"] or "https://id.gs1.org")
            got = build_digital_link(link)
        except (BadDigitalLink, BadElementString):
            got = None
        assert got == vector["expect_uri"], vector["line"]
    assert len(vectors["generate"]) == 11


def test_every_order_of_a_path_that_gs1_allows_is_allowed(vectors: dict) -> None:
    for order in vectors["valid_path_ai_sequences"]:
        key, *after = order
        assert any(
            [ai for ai in sequence if ai in after] == after for sequence in identifiers()[key].sequences
        ), order
    assert len(vectors["valid_path_ai_sequences"]) == 20


def test_percent_encoding_is_gs1s(vectors: dict) -> None:
    for vector in vectors["escape"]:
        assert (escape_path(vector["in"]), escape_query(vector["in"])) == (vector["path"], vector["query"])
    for vector in vectors["unescape"]:
        assert (unescape_path(vector["in"]), unescape_query(vector["in"])) == (
            vector["path"],
            vector["query"],
        )


def test_the_committed_identifiers_are_those_of_the_dictionary(shared: Path) -> None:
    found = shared / "vectors" / "digitallink" / "gs1-syntax-dictionary.txt"
    lines = [line for line in found.read_text("utf-8").splitlines() if line and not line.startswith("#")]
    ours = (FOLDER / "gs1_ais.csv").read_text("utf-8")
    rows = list(csv.DictReader(io.StringIO("".join(f"{x}\n" for x in ours.splitlines() if x[0] != "#"))))
    assert [row["ais"] for row in rows] == [line.split()[0] for line in lines]
    for row, line in zip(rows, lines, strict=True):
        assert said_by(line) == {name: row[name] for name in row if name != "ais"}, row["ais"]


def said_by(line: str) -> dict[str, str]:
    """What a line of the dictionary says, in our columns; the check of prefix lengths is left out."""
    body, _, title = line.partition("#")
    words = body.split()[1:]
    flags = words.pop(0) if re.fullmatch(r"[*?]+", words[0]) else ""
    attributes = {name: rest for name, _, rest in (word.partition("=") for word in words)}
    formats = [word for word in words if re.match(r"\[?[NXYZ]\d|\[?[NXYZ]\.\.", word)]
    return {
        "fixed": "yes" if "*" in flags else "no",
        "attribute": "yes" if "?" in flags else "no",
        "format": " ".join(re.sub(r",gcppos[12]", "", word).replace(",", "/") for word in formats),
        "requires": attributes.get("req", "").replace(",", " "),
        "excludes": attributes.get("ex", "").replace(",", " "),
        "key": (attributes["dlpkey"].replace(",", " ") or "-") if "dlpkey" in attributes else "",
        "title": title.strip(),
    }
