"""The rules by code, as they stand in `facts/rules.csv`."""

from collections.abc import Mapping
from functools import cache

from trace.facts import rows
from trace.findings import Finding, Rule, Severity


@cache
def rulebook() -> Mapping[str, Rule]:
    """Return every rule by its code.

    >>> rulebook()["receipt.2"].severity.value
    'refuse'
    """
    return {
        row["code"]: Rule(
            code=row["code"],
            severity=Severity(row["severity"]),
            doubtful=row["doubtful"] == "yes",
            zh=row["zh"],
            en=row["en"],
            remedy_zh=row["remedy_zh"],
            remedy_en=row["remedy_en"],
            source=row["source"],
        )
        for row in rows("rules")
    }


def broken(code: str, lot: str | None, **parts: str | int) -> Finding:
    """Return the finding that rule `code` is broken on `lot`."""
    return Finding(rule=rulebook()[code], lot=lot, parts=parts)
