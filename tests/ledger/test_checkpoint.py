"""Signed notes and checkpoints against golang.org/x/mod's published note, and against hostile text."""

import pytest

from ledger.checkpoint import Checkpoint, open_checkpoint, parse_checkpoint, sign_checkpoint
from ledger.errors import (
    BadKeyName,
    BadPublicKey,
    BadSignature,
    LedgerError,
    MalformedNote,
    NotSignedByLog,
    WrongLog,
)
from ledger.keys import SigningKey
from ledger.merkle import EMPTY_ROOT
from ledger.note import MAX_SIGNATURES, NoteKey, encode_base64, open_note, sign_note
from ledger.witnessing.policy import Log, Policy

# The worked example of golang.org/x/mod/sumdb/note's package documentation.
NEUMANN = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
NEUMANN_TEXT = (
    "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
)
NEUMANN_NOTE = (
    NEUMANN_TEXT
    + "\n— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngot"
    + "pRZb6KE6RyyBwJnAM=\n"
)

ORIGIN = "log.example/bozhou"
KEY = SigningKey.from_seed(bytes(range(32)))
OTHER = SigningKey.from_seed(bytes(32))
TRUSTED = NoteKey(ORIGIN, KEY.public)
CHECKPOINT = Checkpoint(ORIGIN, 20_852_163, bytes(range(32)))
SIGNED = sign_checkpoint(CHECKPOINT, [KEY])


def test_a_note_signed_in_go_opens_here() -> None:
    trusted = NoteKey.from_vkey(NEUMANN)
    assert open_note(NEUMANN_NOTE, [trusted]).text == NEUMANN_TEXT
    assert trusted.to_vkey() == NEUMANN


def test_a_checkpoint_is_the_three_lines_and_the_signature_line_of_the_specification() -> None:
    body, signature = SIGNED.text.split("\n\n")
    assert body == "log.example/bozhou\n20852163\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
    assert signature.startswith("— log.example/bozhou ")
    assert open_checkpoint(SIGNED.text, TRUSTED) == SIGNED


def test_a_log_of_no_entries_has_size_0() -> None:
    assert Checkpoint(ORIGIN, 0, EMPTY_ROOT).body().split("\n")[1] == "0"
    assert parse_checkpoint(Checkpoint(ORIGIN, 0, EMPTY_ROOT).body()).size == 0


@pytest.mark.parametrize(
    "size", ["00", "01", "+1", "-1", "1 ", " 1", "", "1_0", "１", "0x1", "9" * 19, "1\r"]
)
def test_a_size_spelt_otherwise_is_refused(size: str) -> None:
    with pytest.raises(MalformedNote):
        parse_checkpoint(CHECKPOINT.body().replace("20852163", size))


@pytest.mark.parametrize(
    "body",
    [
        "",
        "\n",
        "origin\n1\n",
        "origin\n1\nAAAA\n",
        CHECKPOINT.body()[:-1],
        CHECKPOINT.body().replace("=", ""),
        CHECKPOINT.body().replace("Hh8=", "Hh9="),  # the same bytes with stray bits set
        "\n" + CHECKPOINT.body(),
        CHECKPOINT.body() + "\n",
    ],
)
def test_a_body_of_another_form_is_refused(body: str) -> None:
    with pytest.raises(MalformedNote):
        parse_checkpoint(body)


def test_extension_lines_are_passed_over() -> None:
    assert parse_checkpoint(CHECKPOINT.body() + "extension 1\n") == CHECKPOINT


def line(signature: str) -> str:
    return signature.split("\n\n")[1]


def test_lines_of_unknown_keys_are_passed_over() -> None:
    witness = line(sign_note(CHECKPOINT.body(), [("witness.example", OTHER)]))
    same_name = line(sign_note(CHECKPOINT.body(), [(ORIGIN, OTHER)]))
    assert open_checkpoint(SIGNED.text + witness + same_name, TRUSTED).size == CHECKPOINT.size
    crowd = "".join(line(sign_note(CHECKPOINT.body(), [(f"w{n}", OTHER)])) for n in range(15))
    assert open_checkpoint(SIGNED.text + crowd, TRUSTED).root == CHECKPOINT.root


def test_a_repeated_valid_line_changes_nothing() -> None:
    assert open_checkpoint(SIGNED.text + line(SIGNED.text), TRUSTED).size == CHECKPOINT.size


def test_one_bad_line_of_the_trusted_key_spoils_the_note() -> None:
    other_body = line(sign_note("other\n", [(ORIGIN, KEY)]))
    with pytest.raises(BadSignature):
        open_checkpoint(SIGNED.text + other_body, TRUSTED)
    with pytest.raises(BadSignature):
        open_checkpoint(CHECKPOINT.body() + "\n" + other_body, TRUSTED)


def test_a_signature_of_another_length_spoils_the_note() -> None:
    short = encode_base64(TRUSTED.key_hash + bytes(63))
    with pytest.raises(BadSignature):
        open_checkpoint(SIGNED.text + f"— {ORIGIN} {short}\n", TRUSTED)


def test_a_note_the_trusted_key_did_not_sign_is_refused() -> None:
    foreign = sign_checkpoint(CHECKPOINT, [OTHER]).text
    with pytest.raises(NotSignedByLog, match=ORIGIN):
        open_checkpoint(foreign, TRUSTED)


def test_a_log_key_cannot_speak_for_another_origin() -> None:
    note = sign_note(Checkpoint("log.example/anguo", 1, EMPTY_ROOT).body(), [(ORIGIN, KEY)])
    with pytest.raises(WrongLog, match="anguo"):
        open_checkpoint(note, TRUSTED)


@pytest.mark.parametrize(
    "note",
    [
        "",
        "text\n",
        CHECKPOINT.body() + "\n",
        SIGNED.text[:-1],
        SIGNED.text.replace("\n", "\r\n"),
        SIGNED.text.replace("— ", "- "),
        SIGNED.text.replace("— ", "—  "),
        SIGNED.text + "not a signature line\n",
        SIGNED.text + "— name AAAA\n",
        SIGNED.text + "— na+me AAAAAAAA\n",
        SIGNED.text + "— name !!!!!!!!\n",
        SIGNED.text.replace("example", "exa\x01mple"),
        SIGNED.text + line(SIGNED.text) * MAX_SIGNATURES,
    ],
)
def test_text_that_is_no_signed_note_is_refused(note: str) -> None:
    with pytest.raises(MalformedNote):
        open_checkpoint(note, TRUSTED)


def test_every_changed_vkey_is_refused() -> None:
    vkey = TRUSTED.to_vkey()
    assert NoteKey.from_vkey(vkey) == TRUSTED
    for place in range(len(vkey)):
        for changed in (vkey[:place], vkey[:place] + chr(ord(vkey[place]) + 1) + vkey[place + 1 :]):
            with pytest.raises((MalformedNote, BadPublicKey)):
                NoteKey.from_vkey(changed)


@pytest.mark.parametrize("name", ["", "a b", "a+b", "a\u3000b", "a\nb", "a\x00"])
def test_a_name_the_note_form_forbids_is_refused(name: str) -> None:
    with pytest.raises(BadKeyName):
        NoteKey(name, KEY.public)


@pytest.mark.parametrize("text", ["no newline at the end", "tab\there\n", ""])
def test_text_that_cannot_be_a_note_is_not_signed(text: str) -> None:
    with pytest.raises(LedgerError):
        sign_note(text, [(ORIGIN, KEY)])


def test_while_keys_overlap_either_log_key_is_enough() -> None:
    both = sign_checkpoint(CHECKPOINT, [KEY, OTHER])
    successor = NoteKey(ORIGIN, OTHER.public)
    assert len(both.text.split("\n\n")[1].splitlines()) == 2
    assert open_checkpoint(both.text, TRUSTED).checkpoint == CHECKPOINT
    assert open_checkpoint(both.text, successor).checkpoint == CHECKPOINT
    either = Policy((Log(TRUSTED), Log(successor)))
    for keys in ([KEY], [OTHER], [KEY, OTHER]):
        assert open_checkpoint(sign_checkpoint(CHECKPOINT, keys).text, either).checkpoint == CHECKPOINT
    assert open_note(both.text, [successor, TRUSTED]).signed_by == (TRUSTED, successor)  # as the lines stand


def test_a_known_but_bad_line_spoils_the_note_whatever_the_others_say() -> None:
    both = sign_checkpoint(CHECKPOINT, [KEY]).text + line(sign_note("other\n", [(ORIGIN, OTHER)]))
    assert open_checkpoint(both, TRUSTED).checkpoint == CHECKPOINT  # the second key is not known here
    with pytest.raises(BadSignature):
        open_checkpoint(both, Policy((Log(TRUSTED), Log(NoteKey(ORIGIN, OTHER.public)))))


def test_a_second_false_line_of_a_key_is_not_hidden_by_a_first_true_one() -> None:
    true, false = line(SIGNED.text), line(sign_note("other\n", [(ORIGIN, KEY)]))
    for lines in (true + false, false + true):
        with pytest.raises(BadSignature):
            open_checkpoint(CHECKPOINT.body() + "\n" + lines, TRUSTED)


def test_a_key_that_signs_for_another_log_of_the_policy_does_not_speak_for_this_one() -> None:
    elsewhere = NoteKey("log.example/anguo", OTHER.public)
    note = sign_note(CHECKPOINT.body(), [(elsewhere.name, OTHER)])
    with pytest.raises(WrongLog):
        open_checkpoint(note, Policy((Log(TRUSTED), Log(elsewhere))))


@pytest.mark.parametrize("count", [1, 15, 16])
def test_up_to_16_signatures_are_written_and_read(count: int) -> None:
    keys = [SigningKey.from_seed(bytes([at]) * 32) for at in range(count)]
    note = sign_note("text\n", [(f"k{at}", key) for at, key in enumerate(keys)])
    trusted = [NoteKey(f"k{at}", key.public) for at, key in enumerate(keys)]
    assert open_note(note, trusted).signed_by == tuple(trusted)


@pytest.mark.parametrize("count", [0, 17])
def test_no_signature_and_more_than_16_make_no_note(count: int) -> None:
    with pytest.raises(MalformedNote):
        sign_note("text\n", [(f"k{at}", KEY) for at in range(count)])


def test_the_text_ends_at_the_last_empty_line() -> None:
    text = "a line\n\n— not a signature\n"
    assert open_note(sign_note(text, [(ORIGIN, KEY)]), [TRUSTED]).text == text
