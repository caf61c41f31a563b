"""`daodi log timestamps`: the timestamps kept here, checked; and one that `daodi verify` is given."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli import deployment
from api.cli.errors import AuthoritiesNeeded

if TYPE_CHECKING:
    from api.cli.screen import Screen
    from api.settings import Settings
    from ledger.audits.audit import AuditReport
    from ledger.timestamps.timestamp import Authorities
    from ledger.timestamps.timestamping import KeptTimestamp
    from ledger.witnessing.policy import Policy

_SHOWN = 100


def timestamps(
    context: typer.Context,
    now: Annotated[bool, typer.Option("--now", help="option.stamp_now")] = False,
) -> None:
    """List the newest timestamps and check each against the authorities of the settings."""
    from api.timestamping import load_authorities
    from ledger.timestamps.timestamping import kept_timestamps

    screen = context.obj
    chosen = deployment.settings()
    if chosen.tsa_certificates is None:
        raise AuthoritiesNeeded
    authorities = load_authorities(chosen.tsa_certificates)
    if now:
        _stamp(screen, chosen)
    with deployment.reading(chosen) as session:
        found = kept_timestamps(session, _SHOWN)
    rows = [
        (str(each.size), _moment(each), each.authority, _outcome(screen, each, authorities)) for each in found
    ]
    screen.table(("head.size", "head.stamped", "head.authority", "head.outcome"), rows)


def show_timestamp(screen: "Screen", content: bytes, policy: "Policy", certificates: Path | None) -> None:
    """Check a timestamp file and say what it proves; raises what `TimestampFile.verify` raises."""
    from api.timestamping import load_authorities
    from ledger.timestamps.timestamp_file import TimestampFile

    if certificates is None:
        raise AuthoritiesNeeded
    file = TimestampFile.from_text(content.decode("utf-8", "replace"))
    head, stamp = file.verify(policy, load_authorities(certificates))
    at = stamp.at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
    screen.show("verify.stamped", origin=head.origin, size=head.size, at=at, authority=stamp.authority)
    screen.show("verify.checkpoint_root", root=head.root.hex())


def with_timestamps(screen: "Screen", report: "AuditReport") -> "AuditReport":
    """Add to an audit of the log here what is wrong with its timestamps, and say what they prove."""
    from api.timestamping import load_authorities
    from ledger.timestamps.timestamp_audit import check_timestamps

    chosen = deployment.settings()
    if chosen.tsa_certificates is None:
        screen.remark("timestamps.unchecked")
        return report
    with deployment.reading(chosen) as session:
        count, faults = check_timestamps(session, load_authorities(chosen.tsa_certificates))
    screen.show("timestamps.checked", count=count, sound=count - len(faults))
    together = sorted([*report.faults, *faults], key=lambda fault: fault.index)
    return replace(report, faults=tuple(together))


def _stamp(screen: "Screen", chosen: "Settings") -> None:
    deployment.must_not_run(chosen, "log timestamps --now")
    with deployment.writing(chosen) as station:
        station.settle()
        if station.timestamping is None:
            raise AuthoritiesNeeded
        if station.timestamping.run() is None:
            screen.remark("timestamps.current")


def _outcome(screen: "Screen", kept: "KeptTimestamp", authorities: "Authorities") -> str:
    from ledger.errors import LedgerError
    from ledger.timestamps.timestamp import verify_timestamp

    try:
        verify_timestamp(kept.file.answer, kept.file.checkpoint.encode(), authorities)
    except LedgerError as error:
        return error.message(screen.language)
    return screen.words("timestamps.holds")


def _moment(kept: "KeptTimestamp") -> str:
    return datetime.fromtimestamp(kept.stated_ms / 1000, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
