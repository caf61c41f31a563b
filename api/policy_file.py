"""Reads the policy file a setting names, and sees that it fits the log it is for."""

from pathlib import Path

from api.errors import SettingWrong
from api.settings import Settings
from ledger.errors import Said
from ledger.witnessing.policy import Policy
from ledger.witnessing.publication import check_fits
from ledger.witnessing.witness_errors import PolicyWrong


def load_policy(settings: Settings) -> Policy | None:
    """Return the policy of this deployment, or None when the settings name none.

    Raises `SettingWrong` for a file that cannot be read, and `PolicyWrong` for one that is not a
    policy, whose witnesses do not fit a checkpoint, or whose logs leave out this one.
    """
    if settings.policy_file is None:
        return None
    policy = read_policy_file(settings.policy_file)
    check_fits(policy)
    if policy.logs and not policy.log_keys(settings.origin):
        raise PolicyWrong(
            line=1,
            file=settings.policy_file.name,
            reason=Said(f"没有列出本账本 {settings.origin}", f"it leaves out this log, {settings.origin}"),
        )
    return policy


def read_policy_file(path: Path) -> Policy:
    """Return the policy in a file; raises `SettingWrong` when it cannot be read, and `PolicyWrong`."""
    try:
        raw = path.read_bytes()
    except OSError as fault:
        raise SettingWrong(
            name="DAODI_POLICY_FILE",
            reason_zh=f"无法读取 {path}（{fault.strerror}）",
            reason_en=f"cannot read {path} ({fault.strerror})",
        ) from fault
    return Policy.from_bytes(raw, path.name)
