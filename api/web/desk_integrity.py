"""What the ranking of integrity shows: stars, movement, and each score line by line."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from api.web.desk_areas import seat_name
from api.web.desk_lists import firm_cell
from api.web.desk_table import UNKNOWN, Cells, DeskTable, Shown, rows_of
from api.web.formats import Formats
from api.web.integrity_page import draw_bar, stars_drawn
from api.web.words import Words
from api.web.work_reader import WorkReader
from trace.integrity.ranking import Ranked


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """What one component gives or takes of a score."""

    name: str
    reason: str
    points: str
    bar: Markup


def ranking_table(found: Sequence[Ranked], reader: WorkReader, words: Words) -> DeskTable:
    """Lay out the ranking, the best first; ranks that are equal are shared."""
    cells = Cells.of(words)
    comma = "、" if words.language == "zh" else ", "

    def row(each: Ranked) -> Sequence[Shown]:
        stars = each.scored.score.stars
        kinds = comma.join(kind.words(words.language) for kind in each.node_types)
        return (
            firm_cell(each.scored.uscc, each.name, reader),
            cells.number(each.rank),
            Shown(each.scored.score.thousandths, cells.formats.number(each.scored.score.thousandths)),
            Shown(stars, stars_drawn(stars), soft=words("party.stars", stars=stars)),
            _moved(each.moved, words),
            Shown(" ".join(each.node_types), kinds),
            Shown(each.division, seat_name(each.division, words.language)),
            cells.number(each.scored.score.weeks),
        )

    return DeskTable(
        name="ranking",
        title=words("desk_integrity.ranking"),
        columns=cells.columns("firm", "#rank", "#score", "stars", "#moved", "node_type", "area", "#weeks"),
        rows=rows_of(found, row),
        empty=words("desk_integrity.none"),
        note=words("desk_integrity.note"),
    )


def explained(each: Ranked, words: Words) -> list[Explained]:
    """Explain a score component by component; together they are the score."""
    formats = Formats(words.language)
    lines = []
    for part in each.scored.score.parts:
        most = part.component.weight if part.share is not None else part.component.bound
        points = words("party.points", points=formats.number(part.points), most=formats.number(most))
        name = part.component.words(words.language)
        lines.append(
            Explained(
                name=name,
                reason=part.component.reason(words.language),
                points=points,
                bar=draw_bar(part.points, most, f"{name} {points}"),
            )
        )
    return lines


def _moved(by: int | None, words: Words) -> Shown:
    if by is None:
        return Shown(None, UNKNOWN)
    number = Formats(words.language).number(abs(by))
    if by == 0:
        return Shown(0, words("desk_integrity.same"))
    if by > 0:
        return Shown(by, words("desk_integrity.up", by=number), tone="good")
    return Shown(by, words("desk_integrity.down", by=number), tone="bad")
