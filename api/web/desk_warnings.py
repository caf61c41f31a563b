"""The lists of the warnings desk: open warnings, the worst first, and those that ended last."""

from collections.abc import Mapping, Sequence

from api.evidence_scores import Scored
from api.web.desk_table import UNKNOWN, Cells, DeskTable, Shown, rows_of
from api.web.warning_words import warning_line
from api.web.words import Words
from api.web.work_reader import WorkReader
from priceindex.warning.alerts.happenings import Warned


def open_table(
    found: Sequence[Warned],
    scores: Mapping[str, Scored],
    names: Mapping[str, str],
    now_ms: int,
    reader: WorkReader,
    words: Words,
) -> DeskTable:
    """Lay out open warnings; `scores` are by a warning's id, `names` by that of a family."""
    cells = Cells.of(words)
    comma = "、" if words.language == "zh" else ", "

    def row(each: Warned) -> Sequence[Shown]:
        line = warning_line(each, now_ms, names, words, scores.get(each.warning_id))
        marks = line.marks if line.public else (words("warning.regulator_only"), *line.marks)
        return (
            Shown(
                each.warning_id,
                line.subject,
                reader.link(f"/desk/warnings/{each.warning_id}"),
                soft=line.family,
            ),
            _state(line.state.word, line.band.word, words),
            Shown(each.key.rule, line.rule, soft=line.scored or ""),
            cells.moment(line.opened_ms),
            Shown(
                _since(each),
                comma.join(marks) or words("warning_desk.new"),
                soft="" if each.told_ms is not None else words("warning_desk.waits"),
            ),
        )

    return DeskTable(
        name="open",
        title=words("warning_desk.open"),
        columns=cells.columns("subject", "state", "rule", "opened", "marks"),
        rows=rows_of(found, row),
        empty=words("warning_desk.none"),
    )


def ended_table(
    found: Sequence[Warned], names: Mapping[str, str], now_ms: int, reader: WorkReader, words: Words
) -> DeskTable:
    """Lay out warnings that ended last, with why."""
    cells = Cells.of(words)

    def row(each: Warned) -> Sequence[Shown]:
        line = warning_line(each, now_ms, names, words)
        return (
            Shown(
                each.warning_id,
                line.subject,
                reader.link(f"/desk/warnings/{each.warning_id}"),
                soft=line.family,
            ),
            _state(line.state.word, line.band.word, words),
            Shown(each.key.rule, line.rule),
            cells.moment(line.opened_ms),
            cells.moment(line.ended_ms),
            Shown(
                None if each.reason is None else str(each.reason),
                line.reason or words("warning.ended_itself"),
            ),
        )

    return DeskTable(
        name="ended",
        title=words("warning.ended_heading"),
        columns=cells.columns("subject", "state", "rule", "opened", "ended", "why"),
        rows=rows_of(found, row),
        empty=words("warning_desk.none_ended"),
    )


def _state(state: str, band: str, words: Words) -> Shown:
    text = f"{words(f'warning.state_{state}')} · {words(f'warning.band_{band}')}"
    return Shown(state, text, tone=f"band-{band}")


def _since(each: Warned) -> str:
    if each.acknowledged_ms is not None:
        return "acknowledged"
    return "told" if each.told_ms is not None else UNKNOWN
