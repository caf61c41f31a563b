"""Bundles on the command line: recomputed, and held against what a log says of the release."""

from pathlib import Path
from typing import TYPE_CHECKING, cast

from api.cli import deployment, files
from api.cli.errors import NotCompared, NothingToVerify, NotOfARelease, ProofFailed
from api.cli.receipts import receipt_text, verified
from api.cli.trust import trusted

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlmodel import Session

    from api.cli.screen import Screen
    from ledger.canonical import JsonValue
    from ledger.proofs.bundle import VerifiedEntry
    from ledger.witnessing.policy import Policy


def verify_with_receipt(screen: "Screen", content: bytes, receipt: Path, policy: "Policy") -> None:
    """Check a bundle against the receipt of its release's statement: digest, signature, inclusion, values.

    Raises `NotOfARelease`, `ProofFailed`, and what `api.cli.receipts.verified` raises.
    """
    from priceindex.releases.release import STATEMENT_KIND

    text = receipt_text(files.read(receipt), receipt)
    if text is None:
        raise NothingToVerify(file=receipt)
    found = verified(text, policy)
    statement = found.entry.statement
    if statement.kind != STATEMENT_KIND:
        raise NotOfARelease(statement=statement.id, kind=statement.kind)
    _compare(screen, content, found)


def verify_here(screen: "Screen", content: bytes) -> None:
    """Recompute a bundle and compare it with the log kept here; raises `NotCompared` where none knows it."""
    from api.errors import NotInitialised
    from priceindex.service import verify_bundle

    with screen.progress("index.recomputing"):
        run = verify_bundle(content)
    chosen = deployment.settings()
    text = None
    if chosen.keys_folder.is_dir():
        try:
            with deployment.reading(chosen) as session:
                text = _logged(session, run.family.id, run.days[-1].isoformat(), run.bundle_sha256)
        except NotInitialised:
            text = None
    if text is not None:
        _compare(screen, content, verified(text, trusted(None, None)))
        return
    composite = run.all_series()[0]
    screen.show(
        "verify.recomputed",
        family=run.family.method_id,
        day=composite.last.day,
        value=composite.last.shown(run.family.digits.shown) or screen.words("trace.none"),
        digest=run.bundle_sha256,
    )
    raise NotCompared


def _logged(session: "Session", family: str, day: str, digest: str) -> str | None:
    """Return the receipt of the release with this digest; failing that, of the newest of the same day."""
    from ledger import log
    from priceindex import service

    same_day = [each for each in service.releases(session, family) if each.last_day.isoformat() == day]
    if not same_day:
        return None
    same = [each for each in same_day if each.bundle_sha256 == digest]
    return log.receipt(session, (same or same_day)[0].statement_id).to_text()


def _compare(screen: "Screen", content: bytes, found: "VerifiedEntry") -> None:
    from priceindex.releases.verification import verify_statement

    public = found.entry.statement.public
    with screen.progress("index.recomputing"):
        outcome = verify_statement(content, public)
    if not outcome.ok:
        screen.faults(outcome.faults)
        raise ProofFailed(reason=outcome.release_id)
    screen.show(
        "verify.release",
        release=outcome.release_id,
        day=public["last_day"],
        value=_composite(public),
        count=outcome.values_compared,
    )
    screen.show("verify.digest", digest=public["bundle_sha256"], index=found.index, actor=found.holder)
    screen.show("verify.signature", origin=found.checkpoint.origin)


def _composite(public: "Mapping[str, JsonValue]") -> str:
    """Return the composite a statement gives, with the digits it is shown with; it was recomputed before."""
    from api.cli.index import shown

    values = cast("list[tuple[str, str, str]]", public["values"])
    return next(shown(value) for level, _, value in values if level == "composite")
