"""`python -m ledger.verify FILE --policy POLICY`: check evidence, a receipt or a disclosure file."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from ledger.verify.faults import Refused
from ledger.verify.policies import Policy
from ledger.verify.receipts import check_file
from ledger.verify.report import report

UNUSABLE = 2
"""Exit code when there was nothing to check; 1 when a check failed, 0 when none did."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code."""
    asked = _arguments(arguments)
    try:
        raw = asked.file.read_bytes()
        trusted = asked.trust if asked.policy is None else asked.policy.read_text("utf-8")
        policy = Policy.of_log(trusted) if asked.policy is None else Policy.from_text(trusted)
    except (OSError, UnicodeDecodeError) as error:
        sys.stderr.write(f"无法读取 / cannot read: {error}\n")
        return UNUSABLE
    except Refused as refused:
        sys.stderr.write(f"{refused.why.zh} / {refused.why.en}\n")
        return UNUSABLE
    verdict = check_file(raw, policy)
    sys.stdout.write(report(verdict))
    return 0 if verdict.ok else 1


def _arguments(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m ledger.verify",
        description="核验证据、存证回执或披露文件，不需要数据库和网络。 "
        "Check evidence, a receipt or a disclosure file; no database, no network.",
    )
    parser.add_argument("file", type=Path, help="要核验的文件 / the file to check")
    trusted = parser.add_mutually_exclusive_group(required=True)
    trusted.add_argument(
        "--policy", type=Path, help="信任策略文件（账本与见证方） / a tlog-policy file: log and witnesses"
    )
    trusted.add_argument(
        "--trust", metavar="VKEY", help="只信任账本公钥，不要求见证 / the log's key alone, no witness asked"
    )
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
