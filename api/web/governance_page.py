"""What the page of governance is filled with."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from api.web.formats import Formats
from api.web.words import Words
from priceindex.calendar import china_day
from priceindex.governance.assessments import Assessment
from priceindex.governance.compliance import Line
from priceindex.governance.declarations import Declaration
from priceindex.governance.index_complaints import IndexComplaint, IndexComplaintCategory
from priceindex.governance.requirements import norms


@dataclass(frozen=True, slots=True, kw_only=True)
class RequirementLine:
    """One requirement in the reader's words."""

    id: str
    clause: str
    requirement: str
    certainty: str
    sure: bool
    state: str
    """Key of the word for it: kept, broken or by_evidence."""
    found: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NormTable:
    """A law or standard with its requirements."""

    name: str
    lines: tuple[RequirementLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclarationLine:
    """A declaration in the reader's words."""

    kind: str
    subject: str
    words: str
    holds: str
    ended: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ComplaintLine:
    """A complaint in the reader's words."""

    category: str
    subject: str
    filed: str
    state: str
    answer: str | None


def governance_parts(
    names: Mapping[str, str],
    chosen: str,
    lines: Sequence[Line],
    declared: Sequence[Declaration],
    complaints: Sequence[IndexComplaint],
    assessed: Sequence[Assessment],
    words: Words,
    now_ms: int,
) -> dict[str, object]:
    """Return what `governance.html` shows of the family `chosen`; `names` are those of all, by id."""
    formats = Formats(words.language)
    checked = [line.outcome for line in lines if line.outcome is not None]
    return {
        "families": list(names.items()),
        "chosen": chosen,
        "name": names[chosen],
        "kept": sum(outcome.passed for outcome in checked),
        "checked": len(checked),
        "count": len(lines),
        "tables": [
            NormTable(
                name=norm.words(words.language),
                lines=tuple(_requirement(line, words) for line in lines if line.requirement.norm == norm.id),
            )
            for norm in norms()
        ],
        "declarations": [_declaration(one, formats, words) for one in declared],
        "complaints": [_complaint(one, formats, words, now_ms) for one in complaints],
        "categories": tuple(IndexComplaintCategory),
        "assessments": [(one.year, formats.day(china_day(one.assessed_ms)), one.sha256) for one in assessed],
    }


def _requirement(line: Line, words: Words) -> RequirementLine:
    told, outcome = line.requirement, line.outcome
    state = "by_evidence" if outcome is None else "kept" if outcome.passed else "broken"
    return RequirementLine(
        id=told.id,
        clause=told.clause(words.language),
        requirement=told.words(words.language),
        certainty=told.certainty_words(words.language),
        sure=told.certainty == "seen",
        state=state,
        found=told.evidence(words.language) if outcome is None else outcome.words(words.language),
    )


def _declaration(one: Declaration, formats: Formats, words: Words) -> DeclarationLine:
    return DeclarationLine(
        kind=one.kind.words(words.language),
        subject=words("governance.whole") if one.subject == "*" else one.subject,
        words=one.words,
        holds=words("governance.holds", first=formats.day(one.valid_from), last=formats.day(one.valid_until)),
        ended=one.ended_ms is not None,
    )


def _complaint(one: IndexComplaint, formats: Formats, words: Words, now_ms: int) -> ComplaintLine:
    if one.answered_ms is not None:
        state = words("governance.upheld") if one.upheld else words("governance.rejected")
    else:
        due = formats.day(china_day(one.due_ms))
        state = words("governance.late") if one.late(now_ms) else words("governance.open", due=due)
    return ComplaintLine(
        category=one.category.words(words.language),
        subject=one.subject,
        filed=formats.day(china_day(one.filed_ms)),
        state=state,
        answer=one.answer,
    )
