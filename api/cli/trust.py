"""Whom a command that checks something trusts: a policy file, a key given, or the log kept here."""

from pathlib import Path
from typing import TYPE_CHECKING

from api.cli import deployment, files
from api.cli.errors import OptionUseless, TrustNeeded, TrustWrong
from ledger.errors import LedgerError, Said

if TYPE_CHECKING:
    from ledger.witnessing.policy import Policy

_ONE_OF_TWO: Said = Said("--policy 已指明信任谁", "--policy says already whom to trust")


def trusted(trust: str | None, policy: Path | None) -> "Policy":
    """Return the policy of the file `policy`, of the vkey `trust`, or of the log kept here.

    Raises `OptionUseless` for both at once, `TrustWrong`, `PolicyWrong`, or `TrustNeeded` where nothing is
    given and no log is kept.
    """
    from ledger.witnessing.policy import Policy

    if policy is not None:
        if trust is not None:
            raise OptionUseless(option="--trust", why=_ONE_OF_TWO)
        return Policy.from_bytes(files.read(policy), policy.name)
    try:
        return _of_keys([trust.strip()] if trust is not None else _own_keys())
    except LedgerError as error:
        raise TrustWrong(why=error) from error


def _of_keys(vkeys: list[str]) -> "Policy":
    from ledger.witnessing.policy import Policy

    logs = [log for vkey in vkeys for log in Policy.of_log(vkey).logs]
    return Policy(tuple(logs))


def _own_keys() -> list[str]:
    chosen = deployment.settings()
    if not chosen.keys_folder.is_dir():
        raise TrustNeeded
    return list(deployment.trusted_keys(chosen))
