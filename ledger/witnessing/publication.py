"""Which checkpoint is shown to the world, and when none may be signed.

Without a policy it is the newest one signed. With a policy it is the newest one whose quorum
of witnesses is met, with their lines: whoever is shown a log is shown what witnesses saw.
The caller ends the transaction.
"""

from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from sqlalchemy import inspect
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, SQLModel, col, select, update

from ledger import store
from ledger.checkpoint import SignedCheckpoint, parse_checkpoint
from ledger.errors import NoCheckpointYet, Said
from ledger.keys import PublicKey
from ledger.note import MAX_SIGNATURES, NoteKey, read_signature_line, split_note
from ledger.tables import CheckpointRow
from ledger.witnessing.cosignature import CosignerKey, cosigned_s
from ledger.witnessing.policy import Policy
from ledger.witnessing.witness_errors import PolicyOutdated, PolicyWrong, WitnessContradicts, WitnessKnowsMore
from ledger.witnessing.witness_tables import CosignatureRow, PolicyRow, WitnessRow

_THE_POLICY: Final = 1
_LOOKED_BACK: Final = 1000
"""How many cosigned checkpoints a new policy is tried on; older ones are not worth publishing anew."""

_NOT_SHOWN: Final = Said("未出示我方签名", "our signature was not shown")
_SHOWN: Final = Said("出示了我方签名", "it shows our own signature")


def published(session: Session) -> SignedCheckpoint:
    """Return the checkpoint to publish: log signatures first, then the lines of the policy's witnesses.

    Raises `NoCheckpointYet` while nothing is signed, or while no checkpoint has its quorum.
    What is stored is shown as it is: whoever trusts a key verifies it themselves.
    """
    row = _policy_row(session)
    policy = None if row is None else _read(row.text)
    newest = store.last_checkpoint(session)
    if row is None or policy is None or newest is None or policy.quorum_met([]):
        note = None if newest is None else newest.note
        size = 0 if newest is None else newest.size
    else:
        size = row.quorum_size
        note = session.exec(select(CheckpointRow.note).where(CheckpointRow.size == size)).first()
    if note is None:
        raise NoCheckpointYet
    return _parsed(note if policy is None else _assembled(note, policy, cosignature_lines(session, size)))


def policy_in_force(session: Session) -> Policy | None:
    """Return the policy checkpoints are published under, or None."""
    row = _policy_row(session)
    return None if row is None else _read(row.text)


def check_names_key(policy: Policy, origin: str, keys: Iterable[PublicKey]) -> None:
    """Raise `PolicyOutdated` when the policy lists logs and none of these keys of ours among them.

    Whoever verifies under such a policy refuses every checkpoint that these keys sign.
    """
    named = {key.key for key in policy.log_keys(origin)}
    ours = list(keys)
    if policy.logs and ours and named.isdisjoint(ours):
        raise PolicyOutdated(vkey=NoteKey(origin, ours[-1]).to_vkey())


def put_in_force(session: Session, policy: Policy) -> None:
    """Publish under `policy` from now on; one that is in force already stays as it is.

    There is no way back to no policy: one whose quorum is `none` says so openly.

    Raises `PolicyWrong` for a policy that a note of 16 signature lines cannot satisfy. Checkpoints
    cosigned lately are tried on it, so that what was published goes on being so.
    """
    check_fits(policy)
    if policy_in_force(session) == policy:
        return
    size = _newest_with_quorum(session, policy)
    _put(session, PolicyRow, policy_id=_THE_POLICY, text=policy.to_text(), quorum_size=size)


def check_fits(policy: Policy) -> None:
    """Raise `PolicyWrong` when the policy's witnesses and two log keys exceed a note's lines.

    Two, because an old and a new log key sign side by side while the log changes its key.
    """
    most = MAX_SIGNATURES - 2
    if len(policy.witnesses) > most:
        raise PolicyWrong(
            line=1,
            reason=Said(
                f"见证方最多 {most} 个：一个检查点只能带 {MAX_SIGNATURES} 行签名",
                f"at most {most} witnesses: a checkpoint bears {MAX_SIGNATURES} signature lines",
            ),
        )


def keep_cosignature(session: Session, size: int, by: CosignerKey, line: str) -> bool:
    """Store a verified cosignature line of the checkpoint of `size`; tell whether its quorum is met now.

    A later line of the same witness replaces the earlier one.
    """
    stated_ms = _stated_s(line) * 1000
    _put(session, CosignatureRow, size=size, vkey=by.to_vkey(), line=line, cosigned_ms=stated_ms)
    policy = _policy_row(session)
    if policy is None or not _quorum_at(session, _read(policy.text), size):
        return False
    # Only ever upwards, whoever else writes at the same time: nobody is shown less than before.
    higher = update(PolicyRow).where(
        col(PolicyRow.policy_id) == _THE_POLICY, col(PolicyRow.quorum_size) < size
    )
    session.connection().execute(higher.values(quorum_size=size))
    return True


def cosignature_lines(session: Session, size: int) -> dict[str, str]:
    """Return the stored line of each witness, by its vkey, for the checkpoint of `size`."""
    wanted = select(CosignatureRow.vkey, CosignatureRow.line).where(CosignatureRow.size == size)
    return dict(session.exec(wanted).all())


def heard(
    session: Session,
    by: CosignerKey,
    size: int,
    note: str | None,
    now_ms: int,
    *,
    contradicts: bool = False,
    signed: bool = False,
) -> None:
    """Remember that a witness knows this size of our log; what was proved is never taken back.

    `note` is its checkpoint of that size with our own signature, where it showed one;
    `contradicts` says that this signed root is not that of our tree; `signed` that the witness's
    own signature states this size as its largest, which overrules a larger one it only named.
    """
    row = session.get(WitnessRow, by.to_vkey())
    if row is not None and not contradicts:
        only_named = row.note is None and signed
        if row.contradicts or (row.size > size and not only_named):
            return
    told = {"size": size, "note": note, "contradicts": contradicts, "told_ms": now_ms}
    _put(session, WitnessRow, vkey=by.to_vkey(), **told)


def known_size(session: Session, by: CosignerKey) -> int | None:
    """Return the size a witness said last that it knows, or None when it never said one."""
    return session.exec(select(WitnessRow.size).where(WitnessRow.vkey == by.to_vkey())).first()


def refuse_below_witnesses(session: Session, signed_size: int) -> None:
    """Raise when what a witness of the policy knows is not the log that is about to be signed on.

    `WitnessKnowsMore` when it knows a larger size than was signed here: the database is an old
    copy, and signing on would fork the log, which cannot be undone. Stopping can, so a witness's
    bare word is enough to stop; whether it showed our own signature is said. `WitnessContradicts`
    when it showed our signature over another root: the log has forked. Taking a witness out of
    the policy is how a person overrules it.
    """
    policy = policy_in_force(session)
    if policy is None:
        return
    names = {witness.key.to_vkey(): witness.name for witness in policy.witnesses}
    wrong = col(WitnessRow.contradicts) | (col(WitnessRow.size) > signed_size)
    told = select(WitnessRow).where(col(WitnessRow.vkey).in_(names), wrong)
    row = session.exec(told.order_by(col(WitnessRow.size).desc()).limit(1)).first()
    if row is None:
        return
    name = ascii(names[row.vkey])
    if row.contradicts:
        raise WitnessContradicts(witness=name, size=row.size)
    proof = _NOT_SHOWN if row.note is None else _SHOWN
    raise WitnessKnowsMore(witness=name, known=row.size, proof=proof, signed=signed_size)


def awaits_quorum(session: Session) -> int | None:
    """Return the size of the newest signed checkpoint while its quorum is not met, else None."""
    policy = _policy_row(session)
    newest = store.last_checkpoint(session)
    if policy is None or newest is None or _read(policy.text).quorum_met([]):
        return None
    return None if policy.quorum_size >= newest.size else newest.size


def _policy_row(session: Session) -> PolicyRow | None:
    return session.exec(select(PolicyRow).where(PolicyRow.policy_id == _THE_POLICY)).first()


@lru_cache(maxsize=8)
def _read(text: str) -> Policy:
    return Policy.from_text(text)


@lru_cache(maxsize=64)
def _parsed(note: str) -> SignedCheckpoint:
    text, _ = split_note(note)
    return SignedCheckpoint(parse_checkpoint(text), note)


def _assembled(note: str, policy: Policy, lines: dict[str, str]) -> str:
    """The note with the witnesses' lines in the policy's order, as far as a note has room."""
    _, log_lines = split_note(note)
    witnesses = [witness.key.to_vkey() for witness in policy.witnesses]
    found = [lines[vkey] for vkey in witnesses if vkey in lines]
    return note + "".join(found[: MAX_SIGNATURES - len(log_lines)])


def _quorum_at(session: Session, policy: Policy, size: int) -> bool:
    return policy.quorum_met(_cosigners(policy, cosignature_lines(session, size)))


def _cosigners(policy: Policy, vkeys: Iterable[str]) -> list[CosignerKey]:
    there = set(vkeys)
    return [witness.key for witness in policy.witnesses if witness.key.to_vkey() in there]


def _newest_with_quorum(session: Session, policy: Policy) -> int:
    newest = store.last_checkpoint(session)
    if newest is None or policy.quorum_met([]):
        return 0 if newest is None else newest.size
    sizes = select(CosignatureRow.size).distinct().order_by(col(CosignatureRow.size).desc())
    met = (size for size in session.exec(sizes.limit(_LOOKED_BACK)) if _quorum_at(session, policy, size))
    return next(met, 0)


def _stated_s(line: str) -> int:
    return cosigned_s(read_signature_line(line.removesuffix("\n"))[2])


def _put(session: Session, table: type[SQLModel], **columns: object) -> None:
    """Insert or replace one row by its primary key."""
    connection = session.connection()
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    keys = [column.name for column in inspect(table).primary_key]
    statement = dialect.insert(table).values(**columns)
    rest = {name: statement.excluded[name] for name in columns if name not in keys}
    connection.execute(statement.on_conflict_do_update(index_elements=keys, set_=rest))
