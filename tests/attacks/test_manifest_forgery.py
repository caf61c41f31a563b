"""Somebody with the database and the log's key slips statements under a manifest never signed for them."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import pytest
from sqlalchemy import update

from ledger import store
from ledger.audits.audit import AuditReport
from ledger.audits.faults import AuditFault, OthersDepend
from ledger.entry import GENESIS, Entry, ManifestPlace, SignedStatement
from ledger.errors import DaodiError
from ledger.manifests.manifest import sign_manifest
from ledger.manifests.manifest_errors import SignedByManifest
from ledger.manifests.manifest_faults import ManifestUnfinished, ManifestUnsound, NotUnderManifest
from ledger.manifests.manifest_outbox import submit_manifest
from ledger.manifests.manifest_tables import ManifestRow
from ledger.store import Extent
from ledger.tables import PendingRow
from ledger.writing.append import append_leaves, leaf_of
from ledger.writing.outbox import submit
from tests.ledger.small_log import AT_MS, GROWER, LOG_KEY, ORIGIN, SmallLog, statement

NAME = "manifest/1"
GENUINE = sign_manifest(
    [statement(f"m{number}", f"lot/{number}") for number in range(4)], ORIGIN, GROWER, NAME, AT_MS
)
OTHERS = sign_manifest(
    [statement(f"o{number}", f"lot/o{number}") for number in range(2)], ORIGIN, LOG_KEY, "manifest/2", AT_MS
)


@pytest.fixture
def log(sqlite_url: str) -> Iterator[SmallLog]:
    founded = SmallLog(sqlite_url)
    founded.sequencer().drain()
    yield founded
    founded.engine.dispose()


def logged(log: SmallLog, entries: Sequence[SignedStatement], keep_digests: bool = True) -> AuditReport:
    """Write these straight into the log past every gate, sign the head, and audit."""
    with log.write() as session:
        state = store.state_of(session)
        placed = [Entry(signed=each, seq=0, prev=GENESIS) for each in entries]
        append_leaves(session, Extent(state.size, state.root), [leaf_of(each) for each in placed])
        if keep_digests:
            session.add(ManifestRow(manifest_id=NAME, digests=GENUINE.digests()))
    log.sequencer().drain()
    return log.audit()


def found(report: AuditReport) -> set[tuple[type[AuditFault], int]]:
    return {(type(fault), fault.index) for fault in report.faults}


MANIFEST, MEMBERS = GENUINE.signed, GENUINE.statements
FOREIGN = replace(MEMBERS[1], statement=statement("foreign", "lot/foreign"))


@pytest.mark.parametrize("keep_digests", [True, False])
def test_the_genuine_log_is_sound(log: SmallLog, keep_digests: bool) -> None:
    assert logged(log, [MANIFEST, *MEMBERS], keep_digests).ok


def test_a_manifest_logged_in_part_is_judged_by_its_kept_digests_alone(log: SmallLog) -> None:
    assert logged(log, [MANIFEST, *MEMBERS[:2]]).ok


def test_without_digests_a_part_of_a_manifest_is_not_taken_on_trust(log: SmallLog) -> None:
    assert found(logged(log, [MANIFEST, *MEMBERS[:2]], keep_digests=False)) == {(ManifestUnfinished, 2)}


@pytest.mark.parametrize(
    ("entries", "fault"),
    [
        ([MANIFEST, MEMBERS[0], FOREIGN, *MEMBERS[2:]], (NotUnderManifest, 4)),
        ([MANIFEST, replace(MEMBERS[0], signature=ManifestPlace(NAME, 1))], (NotUnderManifest, 3)),
        ([MANIFEST, replace(MEMBERS[0], signature=ManifestPlace(NAME, 4))], (NotUnderManifest, 3)),
        (
            [MANIFEST, *MEMBERS, replace(FOREIGN, signature=ManifestPlace(NAME, 1))],
            (NotUnderManifest, 7),
        ),
        ([MEMBERS[0]], (NotUnderManifest, 2)),
        ([MEMBERS[0], MANIFEST], (NotUnderManifest, 2)),
        ([MANIFEST, replace(MEMBERS[0], actor=LOG_KEY.public.key_id)], (NotUnderManifest, 3)),
        (
            [OTHERS.signed, replace(MEMBERS[0], signature=ManifestPlace("manifest/2", 0))],
            (NotUnderManifest, 3),
        ),
    ],
    ids=[
        "a foreign statement",
        "a wrong place",
        "a place beyond the end",
        "a place taken twice",
        "no manifest",
        "a manifest logged later",
        "another actor",
        "another actor's manifest",
    ],
)
def test_each_false_membership_is_named_at_its_index(
    log: SmallLog, entries: list[SignedStatement], fault: tuple[type[AuditFault], int]
) -> None:
    told = found(logged(log, entries))
    assert {each for each in told if each[0] is not ManifestUnfinished} == {fault}


def test_a_foreign_statement_shows_without_kept_digests_too(log: SmallLog) -> None:
    report = logged(log, [MANIFEST, MEMBERS[0], FOREIGN, *MEMBERS[2:]], keep_digests=False)
    assert NotUnderManifest in {kind for kind, _ in found(report)}


def test_digests_that_were_edited_are_named_and_not_believed(log: SmallLog) -> None:
    assert logged(log, [MANIFEST, *MEMBERS]).ok
    with log.write() as session:
        session.connection().execute(update(ManifestRow).values(digests=bytes(128)))
    assert found(log.audit()) == {(ManifestUnsound, 2)}


def test_a_manifest_with_a_forged_signature_covers_nothing(log: SmallLog) -> None:
    unsigned = replace(MANIFEST, signature=bytes(64))
    kinds = {kind for kind, _ in found(logged(log, [unsigned, *MEMBERS]))}
    assert OthersDepend in kinds


def test_a_member_alone_does_not_pass_the_gate(log: SmallLog) -> None:
    with pytest.raises(SignedByManifest), log.write() as session:
        submit(session, MEMBERS[0])


@pytest.mark.parametrize("digests_too", [False, True])
def test_a_row_edited_in_the_outbox_is_held_back(log: SmallLog, digests_too: bool) -> None:
    """Deleting what it is compared with helps nobody: then nothing of the manifest is taken."""
    with log.write() as session:
        submit_manifest(session, GENUINE)
    foreign = Entry(signed=FOREIGN, seq=0, prev=GENESIS)
    with log.write() as session:
        session.connection().execute(
            update(PendingRow)
            .where(PendingRow.statement_id == "m1")  # type: ignore[arg-type]  # a column to SQLAlchemy
            .values(
                statement_id="foreign",
                subject="lot/foreign",
                leaf=foreign.leaf_bytes,
                leaf_hash=foreign.leaf_hash,
            )
        )
    if digests_too:
        log.sql("DELETE FROM ledger_manifest")
    log.sequencer().drain()
    assert log.value("SELECT fault FROM ledger_pending WHERE statement_id = 'foreign'") == "manifest"
    assert log.audit().ok
    with pytest.raises(DaodiError), log.write() as session:
        submit_manifest(session, GENUINE)
