"""The governance of the indices at the edge: what the operator declares, answers, assesses."""

from sqlmodel import Session

from api.releasing import operator_of
from api.station import Station
from priceindex.families import Family, all_families, family
from priceindex.governance.assessments import Assessment, assess
from priceindex.governance.declarations import Declaration, DeclarationNew, declare, end_declaration
from priceindex.governance.index_complaints import (
    IndexComplaint,
    IndexComplaintNew,
    answer_index_complaint,
    file_index_complaint,
)

_ID_BYTES = 16


def newest_families() -> list[Family]:
    """The newest version of every family, by id."""
    return [family(name) for name in sorted({each.id for each in all_families()})]


def declared(station: Station, new: DeclarationNew) -> Declaration:
    """Make a declaration; raises what `declare` raises."""
    operator, at_ms, chance = operator_of(station), station.clock(), station.randomness(_ID_BYTES)

    def work(session: Session) -> Declaration:
        return declare(session, operator, new, at_ms, chance)

    return station.writer.submit(work)


def ended(station: Station, declaration_id: str, reason: str) -> Declaration:
    """End a declaration; raises what `end_declaration` raises."""
    operator, at_ms = operator_of(station), station.clock()

    def work(session: Session) -> Declaration:
        return end_declaration(session, operator, declaration_id, reason, at_ms)

    return station.writer.submit(work)


def complained(station: Station, new: IndexComplaintNew, address: str | None) -> IndexComplaint:
    """Take a complaint in from a network address that may file only so many; raises `TooManyRequests`."""
    if address is not None:
        station.limiter.count("complaint", address)
    operator, at_ms, chance = operator_of(station), station.clock(), station.randomness(_ID_BYTES)

    def work(session: Session) -> IndexComplaint:
        return file_index_complaint(session, operator, new, at_ms, chance)

    return station.writer.submit(work)


def answered(station: Station, complaint_id: str, answer: str, *, upheld: bool) -> IndexComplaint:
    """Answer a complaint; raises what `answer_index_complaint` raises."""
    operator, at_ms = operator_of(station), station.clock()

    def work(session: Session) -> IndexComplaint:
        return answer_index_complaint(session, operator, complaint_id, answer, at_ms, upheld=upheld)

    return station.writer.submit(work)


def assessed(station: Station, year: int) -> Assessment:
    """Assess a year that is over, for every family; raises `YearNotOver`."""
    operator, at_ms, families = operator_of(station), station.clock(), newest_families()

    def work(session: Session) -> Assessment:
        return assess(session, operator, year, families, at_ms)

    return station.writer.submit(work)
