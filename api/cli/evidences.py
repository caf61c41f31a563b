"""Evidence and disclosure files on the command line: checked, and each check told by name."""

from typing import TYPE_CHECKING

from api.cli.errors import SubjectFails
from api.cli.receipts import answer_in, show_signers
from api.cli.standing_lines import show_standing
from ledger.errors import LedgerError
from ledger.proofs.evidence_errors import EvidenceFails

if TYPE_CHECKING:
    from api.cli.screen import Screen
    from ledger.witnessing.policy import Policy


def show_evidence(screen: "Screen", content: bytes, policy: "Policy") -> None:
    """Check an evidence file as `python -m ledger.verify` does; raises `EvidenceFails` naming the check."""
    from ledger.verify.checks import check
    from ledger.verify.policies import Policy as StrictPolicy
    from ledger.verify.report import line, summary
    from ledger.verify.verdicts import CHECKS, Mark

    verdict = check(content, StrictPolicy.from_text(policy.to_text()))
    for each in verdict.checks:
        screen.plain(line(each, screen.language))
    failed = next((each for each in verdict.checks if each.mark is Mark.FAILS), None)
    if failed is not None:
        raise EvidenceFails(check=CHECKS[failed.name], why=failed.detail)
    screen.plain(summary(verdict, screen.language))
    show_standing(screen, content)


def show_disclosures(screen: "Screen", content: bytes, policy: "Policy") -> None:
    """Check a disclosure file and print the values; raises what `verify_disclosures` raises."""
    from ledger.private.disclosure_file import DisclosureFile, verify_disclosures

    found = verify_disclosures(DisclosureFile.from_text(content.decode("utf-8", "replace")), policy)
    logged = found.logged
    screen.show("verify.statement", statement=logged.entry.statement.id, actor=logged.holder)
    for name, value in found.values.items():
        screen.show("verify.disclosed", name=name, value=value)
    show_signers(screen, logged.checkpoint)


def show_subject(screen: "Screen", content: bytes, policy: "Policy") -> None:
    """Check an answer of /v1/log/subjects/… and print up to which size it speaks of the subject.

    Raises `SubjectFails` with what does not hold.
    """
    from ledger.proofs.subject_answer import verify_subject

    try:
        found = verify_subject(answer_in(content), policy)
    except LedgerError as error:
        raise SubjectFails(why=error) from error
    if found.newest is None:
        screen.show("verify.absent", size=found.size, subject=found.subject)
    else:
        newest = found.newest
        screen.show(
            "verify.newest",
            size=found.size,
            subject=found.subject,
            count=newest.count,
            head=newest.head.hex(),
        )
    show_signers(screen, found.logged.checkpoint)
