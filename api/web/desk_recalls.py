"""What the recall pages of the desk show: recalls against their clocks, who has what, mock recalls."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import orjson
from markupsafe import Markup

from api.web.desk_lists import firm_cell
from api.web.desk_table import UNKNOWN, Cells, DeskTable, Shown, rows_of
from api.web.integrity_page import draw_bar
from api.web.spans import span_words
from api.web.words import Words
from api.web.work_reader import WorkReader
from trace.goods_at import END_USERS, END_USERS_WORDS
from trace.recalls.effectiveness import HolderProgress
from trace.recalls.portions import Share
from trace.recalls.recall_progress import Progress
from trace.recalls.recall_tables import DrillRow, HoldRow, NoticeRow, RecallRow
from trace.recalls.recall_timing import RecallTiming, timing
from trace.recalls.recall_words import RecallClass, class_words


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """One limit of a recall as it stands."""

    name: str
    says: str
    """How long is left, or since when it is over."""
    late: bool
    bar: Markup | None = None


def clocks(recall: RecallRow, now_ms: int, words: Words) -> list[Clock]:
    """Write the clocks of a recall: how long it is open, and what is left of each limit of its class."""
    told = timing(recall, now_ms)
    label = words(
        "desk_recall.open_of",
        open=span_words(told.open_ms, words),
        limit=span_words(told.notify_ms, words),
    )
    late = told.notify_left_ms < 0
    # Over the limit a bar would be full whatever happened: the words say by how much.
    spent = None if late else draw_bar(told.open_ms, told.notify_ms, label)
    first = Clock(name=words("desk_recall.running"), says=label, late=late, bar=spent)
    if recall.state != "open":
        return [first]
    return [
        first,
        _left(words("desk_recall.notify"), told.notify_left_ms, words),
        _left(words("desk_recall.plan"), told.plan_left_ms, words),
        _left(words("desk_recall.report"), told.report_left_ms, words),
    ]


def _left(name: str, left_ms: int, words: Words) -> Clock:
    span = span_words(abs(left_ms), words)
    if left_ms < 0:
        return Clock(name=name, says=words("desk_recall.over", span=span), late=True)
    return Clock(name=name, says=words("desk_recall.left", span=span), late=False)


def class_name(recall_class: int, words: Words) -> str:
    """Name the class of a recall."""
    said = class_words(RecallClass(recall_class))
    return said.zh if words.language == "zh" else said.en


def recalls_table(
    found: Sequence[tuple[RecallRow, HoldRow]], now_ms: int, reader: WorkReader, words: Words
) -> DeskTable:
    """Lay out recalls, the newest first, with the hours each was open."""
    cells = Cells.of(words)

    def row(pair: tuple[RecallRow, HoldRow]) -> Sequence[Shown]:
        recall, hold = pair
        told: RecallTiming = timing(recall, now_ms)
        late = recall.state == "open" and told.notify_left_ms < 0
        tones = {"open": "bad", "completed": "good", "lifted": "none"}
        return (
            Shown(
                recall.recall_id,
                hold.reason,
                reader.link(f"/desk/recalls/{recall.recall_id}"),
                chinese=True,
            ),
            Shown(recall.recall_class, class_name(recall.recall_class, words)),
            Shown(recall.state, words(f"recall.state_{recall.state}"), tone=tones[recall.state]),
            cells.moment(recall.opened_ms),
            cells.hours(told.open_ms, tone="bad" if late else ""),
            cells.hours(told.notify_ms),
            cells.number(hold.lots),
        )

    return DeskTable(
        name="recalls",
        title=words("desk_recall.recalls"),
        columns=cells.columns("recall", "class", "state", "opened", "#open_hours", "#limit_hours", "#lots"),
        rows=rows_of(found, row),
        empty=words("desk_recall.none"),
    )


def drills_table(found: Sequence[DrillRow], words: Words) -> DeskTable:
    """Lay out mock recalls with how long each took."""
    cells = Cells.of(words)

    def row(each: DrillRow) -> Sequence[Shown]:
        taken = sum(int(us) for us in orjson.loads(each.phases).values())
        named = orjson.loads(each.roots)
        return (
            cells.moment(each.drilled_ms),
            Shown(" ".join(named), ", ".join(named[:3]) + ("…" if len(named) > 3 else "")),
            cells.number(each.lots),
            cells.number(each.packs),
            cells.grams(each.grams),
            cells.number(each.holders),
            Shown(taken, words("desk_recall.ms", ms=cells.formats.number(taken / 1000, 1))),
        )

    return DeskTable(
        name="drills",
        title=words("desk_recall.drills"),
        columns=cells.columns("drilled", "named", "#lots", "#packs", "#grams", "#holders", "#taken_us"),
        rows=rows_of(found, row),
        empty=words("desk_recall.no_drills"),
        note=words("desk_recall.drills_note"),
    )


def holders_table(
    found: Progress,
    notices: Sequence[NoticeRow],
    names: Mapping[str, str],
    reader: WorkReader,
    words: Words,
) -> DeskTable:
    """Lay out each holder: what it had and has, what came back, whether it said that it knows."""
    cells = Cells.of(words)

    def row(each: HolderProgress) -> Sequence[Shown]:
        mine = [one for one in notices if one.party == each.holder and one.due_ms is not None]
        known = next((one.acknowledged_ms for one in mine if one.acknowledged_ms is not None), None)
        responsible = each.holder == found.recall.responsible
        return (
            _holder(
                each.holder, names, reader, words, words("desk_recall.takes_back") if responsible else ""
            ),
            cells.number(each.lots),
            cells.grams(each.had_grams),
            cells.grams(each.has_grams),
            cells.grams(each.returned_grams),
            cells.grams(each.destroyed_grams),
            _acknowledged(mine, known, words),
            cells.number(sum(one.kind == "reminder" for one in mine)),
        )

    return DeskTable(
        name="holders",
        title=words("desk_recall.holders"),
        columns=cells.columns(
            "holder", "#lots", "#had", "#has", "#returned", "#destroyed_grams", "acknowledged", "#reminders"
        ),
        rows=rows_of(found.holders, row),
        empty=words("desk_recall.no_holders"),
    )


def reach_table(
    found: Mapping[str, Share], names: Mapping[str, str], reader: WorkReader, words: Words
) -> DeskTable:
    """Lay out whom a recall would reach, before it is opened."""
    cells = Cells.of(words)
    return DeskTable(
        name="reach",
        title=words("desk_recall.reach"),
        columns=cells.columns("holder", "#lots", "#grams", "#packs"),
        rows=rows_of(
            list(found.values()),
            lambda each: (
                _holder(each.holder, names, reader, words, ""),
                cells.number(each.lots),
                cells.grams(each.grams),
                cells.number(each.packs),
            ),
        ),
        empty=words("desk_recall.reach_none"),
    )


def _holder(uscc: str, names: Mapping[str, str], reader: WorkReader, words: Words, soft: str) -> Shown:
    if uscc == END_USERS:
        return Shown("", END_USERS_WORDS[words.language])
    return firm_cell(uscc, names.get(uscc, uscc), reader, soft=soft)


def _acknowledged(mine: Sequence[NoticeRow], known: int | None, words: Words) -> Shown:
    if not mine:
        return Shown(None, UNKNOWN)
    if known is None:
        return Shown("no", words("desk_recall.not_acknowledged"), tone="bad")
    return Cells.of(words).moment(known)
