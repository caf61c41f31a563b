"""The tables of governance: the compliance table, and what a release has to pass."""

from priceindex.governance.compliance import CHECKS
from priceindex.governance.requirements import CERTAINTY_WORDS, norms, requirements
from priceindex.method_pages.markdown import code, table


def norm_table() -> str:
    """The laws and standards."""
    return table(["norm", "is"], [[code(each.id), f"{each.zh}<br>{each.en}"] for each in norms()])


def compliance_table() -> str:
    """Every requirement, how sure its text is, what shows that it is kept, and what it can stop."""
    rows = [
        [
            f"{code(each.id)}<br>{each.norm} {each.clause_en}".rstrip(),
            f"{each.zh}<br>{each.en}",
            each.certainty,
            each.evidence_en,
            code(each.check),
            ", ".join(each.must),
        ]
        for each in requirements()
    ]
    return table(["requirement", "asks", "certainty", "evidence", "check", "can stop"], rows)


def certainty_table() -> str:
    """How sure a requirement's text is."""
    rows = [[code(key), f"{zh} {en}"] for key, (zh, en) in CERTAINTY_WORDS.items()]
    return table(["certainty", "means"], rows)


def check_table() -> str:
    """Every automatic check."""
    rows = [[code(name), (check.__doc__ or "").split("\n")[0]] for name, check in CHECKS.items()]
    return table(["check", "passes when"], rows)
