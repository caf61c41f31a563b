"""Disclosure files: what a buyer checks without us."""

import json
import os
from base64 import urlsafe_b64encode
from collections.abc import Callable
from dataclasses import replace

import pytest

from ledger import log
from ledger.canonical import canonical
from ledger.entry import sign_statement
from ledger.errors import BadProof, DisclosureMismatch, MalformedDisclosure, NotSignedByLog
from ledger.manifests.manifest import sign_manifest
from ledger.manifests.manifest_outbox import submit_manifest
from ledger.note import NoteKey
from ledger.private.disclosure import Disclosure, conceal, decoy
from ledger.private.disclosure_file import DisclosureFile, verify_disclosures
from ledger.witnessing.policy import Policy
from ledger.writing.outbox import submit
from tests.ledger.small_log import AT_MS, GROWER, ORIGIN, STRANGER, VKEY, SmallLog, statement

PHONE, NAME = conceal("phone", "13800138000", os.urandom), conceal("responsible", "张三丰", os.urandom)
SAID = replace(statement("step/1"), digests=(PHONE.digest, NAME.digest, decoy(os.urandom), decoy(os.urandom)))
OTHER = replace(statement("step/2"), digests=(decoy(os.urandom),))
TRUSTED = Policy.of_log(VKEY)


@pytest.fixture(params=["signed for itself", "under a manifest"])
def file(sqlite_log: SmallLog, request: pytest.FixtureRequest) -> DisclosureFile:
    with sqlite_log.write() as session:
        if request.param == "under a manifest":
            submit_manifest(session, sign_manifest([SAID, OTHER], ORIGIN, GROWER, "manifest/1", AT_MS))
        else:
            for each in (SAID, OTHER):
                submit(session, sign_statement(each, ORIGIN, GROWER))
    sqlite_log.sequencer().drain()
    with sqlite_log.read() as session:
        return DisclosureFile("step/1", (PHONE,), log.receipt(session, "step/1"))


def test_the_chosen_field_is_shown_and_no_other(file: DisclosureFile) -> None:
    again = DisclosureFile.from_text(file.to_text())
    assert again == file
    found = verify_disclosures(again, TRUSTED)
    assert found.values == {"phone": "13800138000"}
    assert found.logged.entry.statement.id == "step/1"
    assert NAME.encoded not in file.to_text()


def test_a_replaced_value_is_refused(file: DisclosureFile) -> None:
    for value in ("13900139000", 13800138000, None):
        encoded = urlsafe_b64encode(canonical([PHONE.salt, "phone", value])).rstrip(b"=").decode()
        with pytest.raises(DisclosureMismatch):
            verify_disclosures(replace(file, disclosures=(Disclosure(encoded),)), TRUSTED)


def test_a_value_of_another_statement_is_refused(file: DisclosureFile) -> None:
    with pytest.raises(MalformedDisclosure):
        verify_disclosures(replace(file, statement_id="step/2"), TRUSTED)
    with pytest.raises(DisclosureMismatch):
        verify_disclosures(replace(file, disclosures=(PHONE, conceal("price", 1, os.urandom))), TRUSTED)


def test_the_receipt_in_it_is_checked_like_any(file: DisclosureFile) -> None:
    foreign = Policy.of_log(NoteKey(ORIGIN, STRANGER.public).to_vkey())
    with pytest.raises(NotSignedByLog):
        verify_disclosures(file, foreign)
    with pytest.raises(BadProof):
        verify_disclosures(replace(file, receipt=replace(file.receipt, index=1)), TRUSTED)


Change = Callable[[dict[str, object]], object]


@pytest.mark.parametrize(
    "change",
    [
        lambda members: members | {"format": "daodi-disclosure@v2"},
        lambda members: members | {"more": 1},
        lambda members: members | {"disclosures": []},
        lambda members: members | {"disclosures": [1]},
        lambda members: members | {"disclosures": ["!"]},
        lambda members: members | {"disclosures": [PHONE.encoded, PHONE.encoded]},
        lambda members: members | {"statement": 1},
        lambda members: members | {"receipt": None},
        lambda members: {name: members[name] for name in ("format", "statement", "disclosures")},
        list,
    ],
)
def test_another_form_is_refused(file: DisclosureFile, change: Change) -> None:
    members = json.loads(file.to_text())
    with pytest.raises(MalformedDisclosure):
        DisclosureFile.from_text(json.dumps(change(members)))


def test_what_is_no_json_is_refused() -> None:
    for text in ("", "{", "\ud800"):
        with pytest.raises(MalformedDisclosure):
            DisclosureFile.from_text(text)
