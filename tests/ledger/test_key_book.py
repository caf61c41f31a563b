"""The rules of keys, judged on statements alone: which key counts where, and who may change what."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.entry import Entry, ManifestPlace, SignedStatement, Statement, sign_statement
from ledger.errors import BadRegistration, DaodiError, UnknownKey
from ledger.keyring.key_book import KeyBook, keys_named
from ledger.keyring.key_errors import KeyEnded, KeyStatementRefused, NotALogKey
from ledger.keyring.key_statements import (
    key_change,
    log_key_added,
    log_key_retired,
    revocation,
    rotation,
)
from ledger.keyring.registration import registration
from ledger.keys import SigningKey
from ledger.note import NoteKey
from tests.ledger.small_log import AT_MS, GROWER, LOG_KEY, ORIGIN, STRANGER, statement

FIRM = "91341600MA2MRYJ17X"
NEXT = SigningKey.from_seed(b"n" * 32)
SPARE = SigningKey.from_seed(b"s" * 32)


def registers(key: SigningKey, holder: str = FIRM) -> SignedStatement:
    return sign_statement(registration(key.public, holder, AT_MS), ORIGIN, key)


def says(made: Statement, key: SigningKey) -> SignedStatement:
    return sign_statement(made, ORIGIN, key)


def steps(key: SigningKey) -> SignedStatement:
    return says(statement("a"), key)


class Told:
    """A book that is told statements one after another, at rising indices."""

    def __init__(self) -> None:
        self.book = KeyBook(NoteKey(ORIGIN, LOG_KEY.public))
        self.index = 0
        self.take(registers(LOG_KEY, ORIGIN), registers(GROWER), registers(SPARE, ORIGIN))

    def take(self, *told: SignedStatement) -> None:
        for signed in told:
            self.book.check(self.index, signed)
            self.book.take(self.index, Entry(signed=signed, seq=0, prev="0" * 64))
            self.index += 1

    def refuses(self, signed: SignedStatement, error: type[DaodiError]) -> None:
        with pytest.raises(error):
            self.book.check(self.index, signed)
        said = self.book.fault(self.index, Entry(signed=signed, seq=0, prev="0" * 64))
        assert said
        assert said.zh
        assert said.en


@pytest.fixture
def told() -> Told:
    return Told()


def test_a_key_counts_above_its_registration_and_up_to_its_end(told: Told) -> None:
    told.take(steps(GROWER), says(revocation(GROWER.public.key_id, "lost", AT_MS), GROWER))
    state = told.book.states[GROWER.public.key_id]
    assert [state.counts_at(index) for index in range(7)] == [False, False, True, True, True, False, False]
    assert (state.from_index, state.until_index, state.reason) == (1, 4, "lost")
    assert GROWER.public.key_id not in told.book.active
    assert told.book.key(GROWER.public.key_id) == GROWER.public
    told.refuses(steps(GROWER), KeyEnded)


def test_an_unregistered_key_counts_nowhere(told: Told) -> None:
    told.refuses(steps(STRANGER), UnknownKey)
    with pytest.raises(UnknownKey):
        told.book.key(STRANGER.public.key_id)


def test_a_successor_belongs_to_the_same_holder_and_counts(told: Told) -> None:
    old, new = GROWER.public.key_id, NEXT.public.key_id
    told.refuses(says(rotation(old, new, AT_MS), GROWER), UnknownKey)
    told.take(registers(NEXT), registers(STRANGER, "another firm"))
    told.refuses(says(rotation(old, STRANGER.public.key_id, AT_MS), GROWER), KeyStatementRefused)
    told.refuses(says(rotation(old, old, AT_MS), GROWER), KeyStatementRefused)
    told.refuses(says(rotation(old, new, AT_MS), NEXT), KeyStatementRefused)
    told.refuses(says(rotation(old, new, AT_MS), LOG_KEY), KeyStatementRefused)
    told.take(says(rotation(old, new, AT_MS), GROWER))
    assert told.book.states[old].successor == new
    told.refuses(steps(GROWER), KeyEnded)
    told.take(steps(NEXT))


def test_a_revoked_successor_is_none(told: Told) -> None:
    told.take(registers(NEXT), says(revocation(NEXT.public.key_id, "lost", AT_MS), NEXT))
    told.refuses(says(rotation(GROWER.public.key_id, NEXT.public.key_id, AT_MS), GROWER), KeyEnded)


def test_only_the_key_itself_or_the_log_revokes_it(told: Told) -> None:
    told.take(registers(NEXT))
    revoked = revocation(GROWER.public.key_id, "compromised", AT_MS)
    told.refuses(says(revoked, NEXT), KeyStatementRefused)  # not even another key of its holder
    told.refuses(says(revoked, SPARE), KeyStatementRefused)  # nor a key for the log that is no log key
    told.take(says(revoked, LOG_KEY))
    told.refuses(says(revoked, LOG_KEY), KeyEnded)
    told.refuses(says(rotation(GROWER.public.key_id, NEXT.public.key_id, AT_MS), GROWER), KeyEnded)


def test_what_has_ended_never_begins_again(told: Told) -> None:
    told.take(says(revocation(GROWER.public.key_id, "lost", AT_MS), GROWER))
    told.refuses(registers(GROWER), BadRegistration)
    told.refuses(registers(GROWER, "another firm"), BadRegistration)


def test_log_keys_overlap_and_sign_the_sizes_between(told: Told) -> None:
    spare, first = SPARE.public, LOG_KEY.public
    assert list(told.book.log_keys) == [first]
    told.take(says(log_key_added(spare.key_id, AT_MS), LOG_KEY))  # index 3
    assert list(told.book.log_keys) == [first, spare]
    told.take(steps(GROWER), says(log_key_retired(first.key_id, AT_MS), SPARE))  # index 5
    assert list(told.book.log_keys) == [spare]
    # A checkpoint of size S covers the indices below S.
    assert [told.book.log_keys_at(size) for size in (1, 3, 4, 5, 6, 99)] == [
        (first,),
        (first,),
        (first, spare),
        (first, spare),
        (spare,),
        (spare,),
    ]
    told.refuses(steps(LOG_KEY), KeyEnded)
    told.refuses(says(log_key_added(first.key_id, AT_MS), SPARE), KeyEnded)


def test_only_a_log_key_makes_or_retires_one(told: Told) -> None:
    added = log_key_added(SPARE.public.key_id, AT_MS)
    told.refuses(says(added, GROWER), NotALogKey)
    told.refuses(says(added, SPARE), NotALogKey)  # no key appoints itself
    told.refuses(says(log_key_added(GROWER.public.key_id, AT_MS), LOG_KEY), KeyStatementRefused)
    told.refuses(says(log_key_added(LOG_KEY.public.key_id, AT_MS), LOG_KEY), KeyStatementRefused)
    told.refuses(says(log_key_retired(SPARE.public.key_id, AT_MS), LOG_KEY), KeyStatementRefused)
    told.take(says(added, LOG_KEY))
    told.refuses(says(log_key_retired(LOG_KEY.public.key_id, AT_MS), GROWER), NotALogKey)
    told.refuses(says(log_key_retired(SPARE.public.key_id, AT_MS), SPARE), KeyStatementRefused)


def test_the_last_log_key_cannot_be_retired(told: Told) -> None:
    told.refuses(says(log_key_retired(LOG_KEY.public.key_id, AT_MS), LOG_KEY), KeyStatementRefused)


def test_a_log_key_is_neither_revoked_nor_rotated(told: Told) -> None:
    told.take(says(log_key_added(SPARE.public.key_id, AT_MS), LOG_KEY))
    for key in (GROWER, SPARE, LOG_KEY):
        told.refuses(says(revocation(LOG_KEY.public.key_id, "lost", AT_MS), key), KeyStatementRefused)
    told.refuses(
        says(rotation(LOG_KEY.public.key_id, SPARE.public.key_id, AT_MS), LOG_KEY), KeyStatementRefused
    )


def test_only_a_log_key_speaks_about_the_index_of_subjects(told: Told) -> None:
    indexed = replace(statement("a"), kind="subjects.indexed")
    told.refuses(says(indexed, GROWER), NotALogKey)
    told.refuses(says(indexed, SPARE), NotALogKey)
    told.take(says(indexed, LOG_KEY))


def test_the_founding_key_registers_first() -> None:
    book = KeyBook(NoteKey(ORIGIN, LOG_KEY.public))
    with pytest.raises(BadRegistration):
        book.check(0, registers(STRANGER, ORIGIN))
    with pytest.raises(UnknownKey):
        book.check(0, steps(LOG_KEY))


def test_a_key_statement_bears_its_own_signature(told: Told) -> None:
    for signed in (registers(NEXT), says(revocation(GROWER.public.key_id, "lost", AT_MS), GROWER)):
        told.refuses(replace(signed, signature=ManifestPlace("manifest/1", 0)), KeyStatementRefused)


@pytest.mark.parametrize(
    "made",
    [
        rotation(GROWER.public.key_id, NEXT.public.key_id, AT_MS),
        revocation(GROWER.public.key_id, "lost", AT_MS),
        log_key_added(GROWER.public.key_id, AT_MS),
        log_key_retired(GROWER.public.key_id, AT_MS),
    ],
    ids=lambda made: made.kind,
)
def test_a_key_statement_has_one_form(made: Statement) -> None:
    assert key_change(says(made, GROWER)).key_id == GROWER.public.key_id
    assert GROWER.public.key_id in keys_named(says(made, GROWER))
    for other in (
        replace(made, id=f"{made.kind}/{NEXT.public.key_id}"),
        replace(made, id=made.id + "/"),
        replace(made, id=made.id.upper()),
        replace(made, subject=f"key/{NEXT.public.key_id}"),
        replace(made, public={**made.public, "more": 1}),
        replace(made, public={}),
        replace(made, refs=("step/1",)),
        replace(made, kind="key.registered"),
        replace(made, digests=("A" * 43,)),
    ):
        with pytest.raises(KeyStatementRefused):
            key_change(says(other, GROWER))


@pytest.mark.parametrize("reason", ["", "Lost", "lost key", "遗失", "-", "x" * 65])
def test_a_reason_is_a_slug(reason: str) -> None:
    with pytest.raises(KeyStatementRefused):
        key_change(says(revocation(GROWER.public.key_id, reason, AT_MS), GROWER))


KEYS = (LOG_KEY, SPARE, GROWER, NEXT)
CHANGES = st.tuples(
    st.sampled_from(["rotate", "revoke", "add", "retire", "register", "step"]),
    st.sampled_from(KEYS),
    st.sampled_from(KEYS),
    st.sampled_from(KEYS),
)


def made_of(change: str, about: SigningKey, other: SigningKey) -> Statement:
    key_id = about.public.key_id
    forms = {
        "rotate": lambda: rotation(key_id, other.public.key_id, AT_MS),
        "revoke": lambda: revocation(key_id, "lost", AT_MS),
        "add": lambda: log_key_added(key_id, AT_MS),
        "retire": lambda: log_key_retired(key_id, AT_MS),
        "register": lambda: registration(about.public, FIRM, AT_MS),
        "step": lambda: statement("a"),
    }
    return forms[change]()


@settings(max_examples=60, deadline=None)
@given(st.lists(CHANGES, max_size=14))
def test_whatever_is_tried_a_log_key_remains_and_no_key_returns(
    changes: list[tuple[str, SigningKey, SigningKey, SigningKey]],
) -> None:
    """Checked against nothing but what was accepted: what ended stays so, and somebody can sign."""
    told = Told()
    ended: set[str] = set()
    for change, about, other, signer in changes:
        signed = says(made_of(change, about, other), signer)
        before = dict(told.book.active)
        try:
            told.take(signed)
        except DaodiError:
            assert told.book.active == before
            continue
        assert signer.public.key_id not in ended
        ended |= before.keys() - told.book.active.keys()
        assert not ended & told.book.active.keys()
        assert told.book.log_keys
        assert told.book.log_keys == told.book.log_keys_at(told.index)
        assert all(key.key_id in told.book.active for key in told.book.log_keys)
