"""A checkpoint of a public log with four public witnesses' cosignatures, as the world made it.

The log is the staging log arche2025h1 of transparency.dev at the size it had in May 2026; the
witnesses' keys are those their operators publish (transparency.dev/witnesses, remora.n621.de,
witness.stagemole.eu/about, witness1.smartit.nu/witness1/about.txt). The log signs twice, the
second time as static-ct-api (type 0x05), which is no key of ours and passed over.
"""

import base64
import hashlib
import struct

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from ledger.checkpoint import open_checkpoint
from ledger.errors import DaodiError, MalformedNote, NotSignedByLog
from ledger.keys import SigningKey
from ledger.note import NoteKey
from ledger.witnessing.cosignature import CosignerKey, cosigned_message
from ledger.witnessing.policy import Policy
from ledger.witnessing.witness_errors import QuorumNotMet

LOG = "arche2025h1.staging.ct.transparency.dev+ba2f06c0+AU0vHmlGCS/PdN8b2OaGmKprLI8HKM+dJ472xgFYh15f"
GARDEN = "transparency.dev/DEV:witness-little-garden+d8042a87+BCtusOxINQNUTN5Oj8HObRkh2yHf/MwYaGX4CPdiVEPM"
SMARTIT = "witness1.smartit.nu/witness1+a48c820f+BPSFWg9G6KPiO7QPryYO5Xq4oYJJ+kAvLKLSimDhoxMO"
REMORA = "remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2"
STAGEMOLE = "witness.stagemole.eu+67f7aea0+BEqSG3yu9YrmcM3BHvQYTxwFj3uSWakQepafafpUqklv"
BODY = "arche2025h1.staging.ct.transparency.dev\n1432088532\nU7WM79jrzyhGZ5/GUBTpM7NzwdyfFx61t3RovgcC4Ro=\n"
NOTE = (
    BODY
    + "\n— arche2025h1.staging.ct.transparency.dev zTM8sQAAAZ5W0WdjBAMARjBEAiBjW5IQf9pvsYLfQFX6hoGREPMHbd"
    + "Q3urbllzalApkptQIgIpwtEroeW2BXaHAI4kJXFbon5Ch9MNL5zRNZ55lvGt0="
    + "\n— arche2025h1.staging.ct.transparency.dev ui8GwCF1+kWqZrxGdhj4aX3gcw7XUlXQQabg/27lefwhUkzbC3NygNI7"
    + "5MdhL1bfTW9g8Ei59RA23oHP7Ry1k3ZFWwQ="
    + "\n— transparency.dev/DEV:witness-little-garden 2AQqhwAAAABqEiEgzgFIqqhbUoDwjMWE6UP8nd8/KYTzwZ2rhIgcqo"
    + "XHAwVkjZr4AscylP3v7sEodkRAErumC2q44vdgJY096st5BQ=="
    + "\n— witness1.smartit.nu/witness1 pIyCDwAAAABqEiEghIp82KWebrw7/oHQwlTAm3g2RKS4+eebl8eO0WH+/iEcxZ75W3u5"
    + "hNI7TOQtmJbqmNWVuE0tgh0XwzdZsDsUAQ=="
    + "\n— remora.n621.de 2net5wAAAABqEiEgPlfF3V06o0Y+fHM+J5J9s27wgxxcOVSpZ/2g/KSiXCg9DEZI+aVCIobWX9sXTynk5X"
    + "eU/zZ0WBxtqB0DrAWfBw=="
    + "\n— witness.stagemole.eu Z/euoAAAAABqEiEgw0i+7g2ENfDAWHmtRzCfKTHSDwYDJA2NmKeGi9Y8FtEyOUvVr+AJmIY/2TU"
    + "FucgKi7lI7cUiOvKFYe/TmN9DAg==\n"
)
TIME = 0x6A122120
_STATIC_CT = NOTE.index("zTM8sQ") - len("arche2025h1.staging.ct.transparency.dev ")
FOREIGN = range(len(NOTE[:_STATIC_CT].encode()), len(NOTE[: NOTE.index("=\n— arche")].encode()) + 1)
"""The bytes of the static-ct line, which is of a key that nobody here trusts."""
WITNESSES = {"garden": GARDEN, "smartit": SMARTIT, "remora": REMORA, "stagemole": STAGEMOLE}


def policy(count: str, *names: str) -> Policy:
    """The public log, and so many of these public witnesses."""
    lines = [f"log {LOG}", *(f"witness {name} {WITNESSES[name]}" for name in names)]
    return Policy.from_text("\n".join([*lines, f"group q {count} {' '.join(names)}", "quorum q\n"]))


def test_four_public_witnesses_are_found_at_the_time_they_said() -> None:
    opened = open_checkpoint(NOTE, policy("all", *WITNESSES))
    assert opened.size == 1_432_088_532
    assert opened.root == base64.b64decode("U7WM79jrzyhGZ5/GUBTpM7NzwdyfFx61t3RovgcC4Ro=")
    assert [each.by.to_vkey() for each in opened.cosigned] == list(WITNESSES.values())
    assert {each.at_s for each in opened.cosigned} == {TIME}


def test_the_signed_message_is_the_one_another_implementation_verifies() -> None:
    for vkey in WITNESSES.values():
        name, key_hash, typed = vkey.split("+")[0], vkey.split("+")[1], vkey.split("+", 2)[2]
        raw = base64.b64decode(typed)[1:]
        line = next(line for line in NOTE.split("\n") if line.startswith(f"— {name} "))
        signature = base64.b64decode(line.split(" ")[2])
        (stated,) = struct.unpack(">Q", signature[4:12])
        assert signature[:4].hex() == key_hash
        assert hashlib.sha256(name.encode() + b"\n\x04" + raw).digest()[:4].hex() == key_hash
        Ed25519PublicKey.from_public_bytes(raw).verify(signature[12:], cosigned_message(BODY, stated))


def test_the_message_begins_with_the_two_lines_of_the_specification() -> None:
    body = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
    # The example of c2sp.org/tlog-cosignature, "Ed25519 signed message".
    assert cosigned_message(body, 1_679_315_147).decode() == (
        "cosignature/v1\ntime 1679315147\nexample.com/behind-the-sofa\n20852163\n"
        "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
    )


@pytest.mark.parametrize("vkey", WITNESSES.values())
def test_a_witness_key_is_read_and_written_as_published(vkey: str) -> None:
    assert CosignerKey.from_vkey(vkey).to_vkey() == vkey
    with pytest.raises(MalformedNote):
        NoteKey.from_vkey(vkey)  # a witness's key is no log's key
    with pytest.raises(MalformedNote):
        CosignerKey.from_vkey(LOG)


@settings(max_examples=200)
@given(st.integers(0, len(NOTE.encode()) * 8 - 1))
def test_with_all_four_asked_for_no_flipped_bit_of_text_or_their_lines_is_accepted(bit: int) -> None:
    flipped = bytearray(NOTE.encode())
    flipped[bit // 8] ^= 1 << bit % 8
    assume(bit // 8 not in FOREIGN)
    with pytest.raises((DaodiError, UnicodeDecodeError)):
        open_checkpoint(flipped.decode(), policy("all", *WITNESSES))


@pytest.mark.parametrize("vkey", [LOG, GARDEN, REMORA])
def test_every_flipped_bit_of_a_published_vkey_is_refused(vkey: str) -> None:
    kind = NoteKey if vkey == LOG else CosignerKey
    raw = vkey.encode()
    for bit in range(len(raw) * 8):
        flipped = bytearray(raw)
        flipped[bit // 8] ^= 1 << bit % 8
        with pytest.raises((DaodiError, UnicodeDecodeError)):
            kind.from_vkey(flipped.decode())


def test_a_missing_witness_counts_as_missing() -> None:
    without = "\n".join(line for line in NOTE.split("\n") if "remora" not in line)
    assert open_checkpoint(without, policy("3", *WITNESSES)).size == 1_432_088_532
    with pytest.raises(QuorumNotMet):
        open_checkpoint(without, policy("all", *WITNESSES))


def test_witnesses_alone_do_not_make_a_checkpoint() -> None:
    unsigned = "\n".join(line for line in NOTE.split("\n") if "— arche" not in line)
    with pytest.raises(NotSignedByLog):
        open_checkpoint(unsigned, policy("any", *WITNESSES))


def test_a_cosignature_is_no_note_signature_of_the_same_key() -> None:
    key = SigningKey.from_seed(bytes(range(32)))
    assert CosignerKey("w", key.public).key_hash != NoteKey("w", key.public).key_hash
