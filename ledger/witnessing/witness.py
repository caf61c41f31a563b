"""What a witness does with a checkpoint it is offered (c2sp.org/tlog-witness, add-checkpoint).

`judge` decides; it knows no network, no clock and no store. `Witness.add_checkpoint` gives it
what the store remembers and keeps the new state in the same transaction, before anybody hears
of the cosignature: checked apart from that, two offers at once could roll a log back.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from ledger.checkpoint import Checkpoint, open_checkpoint
from ledger.errors import BadProof, MalformedNote, Said, WrongLog
from ledger.keys import SigningKey
from ledger.merkle import EMPTY_ROOT, verify_consistency
from ledger.note import MAX_SIGNATURES, open_note, signature_line, split_note
from ledger.witnessing.cosignature import CosignerKey, cosign
from ledger.witnessing.policy import Policy
from ledger.witnessing.witness_errors import (
    ClockWentBack,
    LogNotWitnessed,
    MalformedOffer,
    OfferOutdated,
    RootsDiffer,
)
from ledger.witnessing.witness_offer import Offer
from ledger.witnessing.witness_store import Seen, WitnessStore


@dataclass(frozen=True, slots=True)
class Witness:
    """One witness: a name, a key, the logs it watches, and its memory of them."""

    name: str
    key: SigningKey
    logs: Mapping[str, Policy]
    """For each origin, the policy that accepts that log's signatures."""
    store: WitnessStore
    clock_s: Callable[[], int]
    """Seconds since the epoch."""

    @property
    def cosigner(self) -> CosignerKey:
        """The public key its cosignatures are checked with."""
        return CosignerKey(self.name, self.key.public)

    def add_checkpoint(self, body: bytes) -> str:
        """Return the cosignature line for an offer, once the new state is kept for good.

        Raises `MalformedOffer`, `LogNotWitnessed`, `NotSignedByLog`, `BadSignature`,
        `OfferOutdated`, `BadProof`, `RootsDiffer` or `ClockWentBack`; then nothing was changed.
        """
        offer = Offer.from_bytes(body)
        checkpoint = signed_head(offer.note, self.logs)
        with self.store.turn(checkpoint.origin) as turn:
            judge(offer, checkpoint, turn.seen)
            now_s = self.clock_s()
            if now_s < turn.seen.at_s:
                raise ClockWentBack(now=now_s, signed=turn.seen.at_s)
            text, _ = split_note(offer.note)
            line = cosign(text, self.name, self.key, now_s)
            shown = log_signed(offer.note, self.logs[checkpoint.origin])
            turn.keep(Seen(checkpoint.size, checkpoint.root, now_s, shown, line))
        return line


def signed_head(note: str, logs: Mapping[str, Policy]) -> Checkpoint:
    """Return the checkpoint in `note` once a key trusted for its origin signed it.

    Raises `MalformedOffer`; `LogNotWitnessed`; `NotSignedByLog`; `BadSignature` when a trusted
    key's line does not verify.
    """
    try:
        text, _ = split_note(note)
        origin = text.partition("\n")[0]
        if origin not in logs:
            raise LogNotWitnessed(origin=ascii(origin))
        return open_checkpoint(note, logs[origin]).checkpoint
    except (MalformedNote, WrongLog) as error:
        raise MalformedOffer(reason=error) from error


def log_signed(note: str, log: Policy) -> str:
    """Return the note with its log's own lines alone; raises what `open_checkpoint` raises.

    Whoever hands an offer on may add lines: with so many that ours is one too many, nobody could read what
    the witness shows.
    """
    opened = open_note(note, log.verifiers)
    lines = [signature_line(signature.by, signature.raw) for signature in opened.signatures]
    return f"{opened.text}\n{''.join(lines[: MAX_SIGNATURES - 1])}"


def judge(offer: Offer, checkpoint: Checkpoint, seen: Seen) -> None:
    """Raise unless the offered checkpoint continues what was `seen`, in the order the page gives.

    Raises `MalformedOffer` for an old size beyond the checkpoint's; `OfferOutdated`;
    `RootsDiffer`; `BadProof`.
    """
    if offer.old > checkpoint.size:
        raise MalformedOffer(
            reason=Said(
                f"old {offer.old} 大于检查点大小 {checkpoint.size}",
                f"old {offer.old} is beyond the checkpoint's size {checkpoint.size}",
            )
        )
    if offer.old != seen.size:
        raise OfferOutdated(known=seen.size, old=offer.old)
    if offer.old == 0 or checkpoint.size == offer.old:
        _judge_without_proof(offer, checkpoint, seen)
        return
    verify_consistency(offer.old, checkpoint.size, seen.root, checkpoint.root, offer.proof)


def _judge_without_proof(offer: Offer, checkpoint: Checkpoint, seen: Seen) -> None:
    """Nothing was seen before, or the same size was: there is nothing a proof could show."""
    if offer.proof:
        raise BadProof(reason=Said("此处不应有证明", "no proof may stand here"))
    if checkpoint.size == 0 and checkpoint.root != EMPTY_ROOT:
        raise BadProof(reason=Said("空账本的根不对", "this is not the root of the empty tree"))
    if seen.size == checkpoint.size and seen.root != checkpoint.root:
        raise RootsDiffer(origin=checkpoint.origin, size=checkpoint.size)
