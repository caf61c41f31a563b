"""`daodi quotes`: what was quoted, what waits at the desk, what names mean, how far sources are trusted."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from api.cli import deployment
from api.cli.quotes_deciding import decide, decide_name, end_name
from api.cli.quotes_history import export
from api.cli.trade_quotes import from_trades

if TYPE_CHECKING:
    from api.cli.screen import Screen
    from priceindex.quotes import Status, StoredQuote
    from priceindex.reputation.scores import SourceStanding

Herb = Annotated[str | None, typer.Option("--herb", help="option.quotes_herb")]
Market = Annotated[str | None, typer.Option("--market", help="option.quotes_market")]
Source = Annotated[str | None, typer.Option("--source", help="option.quotes_source")]
RuleCode = Annotated[str | None, typer.Option("--rule", help="option.quotes_rule")]
First = Annotated[datetime | None, typer.Option("--first", formats=["%Y-%m-%d"], help="option.quotes_first")]
Last = Annotated[datetime | None, typer.Option("--last", formats=["%Y-%m-%d"], help="option.quotes_last")]
State = Annotated[str | None, typer.Option("--status", help="option.quotes_status")]
AsOf = Annotated[
    datetime | None,
    typer.Option("--as-of", formats=["%Y-%m-%d", "%Y-%m-%dT%H:%M"], help="option.quotes_as_of"),
]
Limit = Annotated[int, typer.Option("--limit", min=1, max=1000, help="option.quotes_limit")]
PARTS: Final = {
    "herb": "quotes.part_herb",
    "grade": "quotes.part_grade",
    "origin": "quotes.part_origin",
    "market": "quotes.part_market",
}
"""Phrase of each part of a cell."""
_HEADS: Final = (
    "head.day",
    "head.herb",
    "head.quote_grade",
    "head.origin",
    "head.quote_market",
    "head.price_yuan",
    "head.source",
    "head.status",
    "head.met",
)


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    group = typer.Typer(help="help.quotes", no_args_is_help=True)
    group.command("list", help="help.quotes.list")(list_quotes)
    group.command("history", help="help.quotes.history")(history)
    group.command("export", help="help.quotes.export")(export)
    group.command("quarantine", help="help.quotes.quarantine")(quarantine)
    group.command("rejected", help="help.quotes.rejected")(rejected_rows)
    group.command("release", help="help.quotes.release")(release)
    group.command("reject", help="help.quotes.reject")(reject)
    group.command("names", help="help.quotes.names")(names)
    group.command("name", help="help.quotes.name")(decide_name)
    group.command("end-name", help="help.quotes.end-name")(end_name)
    group.command("sources", help="help.quotes.sources")(sources)
    group.command("from-trades", help="help.quotes.from-trades")(from_trades)
    app.add_typer(group, name="quotes")


def list_quotes(
    context: typer.Context,
    herb: Herb = None,
    market: Market = None,
    source: Source = None,
    rule: RuleCode = None,
    status: State = None,
    first: First = None,
    last: Last = None,
    as_of: AsOf = None,
    limit: Limit = 50,
) -> None:
    """List quotes, newest day first."""
    from api.routes.quotes import known_at
    from priceindex import book
    from priceindex.intake.lateness import with_lateness

    screen = context.obj
    with deployment.reading(deployment.settings()) as session:
        found = book.quotes(
            session,
            as_of_ms=book.FOREVER_MS if as_of is None else known_at(as_of, book.FOREVER_MS),
            herb=herb,
            market=market,
            source=source,
            rule=rule,
            status=_status(status),
            first=first and first.date(),
            last=last and last.date(),
            limit=limit + 1,
        )
        shown = with_lateness(session, found[:limit])
    _show(screen, shown, more=len(found) > limit, limit=limit)


def quarantine(
    context: typer.Context,
    herb: Herb = None,
    market: Market = None,
    source: Source = None,
    rule: RuleCode = None,
    first: First = None,
    last: Last = None,
    limit: Limit = 50,
) -> None:
    """List quotes that wait for a person."""
    list_quotes(context, herb, market, source, rule, "quarantined", first, last, None, limit)


def _status(given: str | None) -> "Status | None":
    from priceindex.quotes import Status

    if given is not None and given not in set(Status):
        raise typer.BadParameter(given, param_hint="--status")
    return None if given is None else Status(given)


def _show(screen: "Screen", quotes: "list[StoredQuote]", *, more: bool, limit: int) -> None:
    """Draw quotes as a table, or say that there is none."""
    if not quotes:
        screen.show("quotes.none")
        return
    rows = [
        (
            quote.day.isoformat(),
            quote.cell.herb,
            quote.cell.grade,
            quote.cell.origin,
            quote.cell.market,
            f"{quote.fen_per_kg / 100:.2f}",
            quote.source,
            quote.status.words(screen.language) + (" · " + screen.words("quotes.late") if quote.late else ""),
            _rules(quote, screen.language),
        )
        for quote in quotes
    ]
    screen.table(_HEADS, rows, title=screen.words("quotes.title", count=len(rows)))
    if more:
        screen.remark("quotes.more", limit=limit)


def _rules(quote: "StoredQuote", language: str) -> str:
    from priceindex.intake.rules.registry import RULES

    met = [RULES[code] for code in quote.rules if code in RULES]
    told = [f"{rule.code}：{rule.zh}" if language == "zh" else f"{rule.code}: {rule.en}" for rule in met]
    return "\n".join([*told, *((f"→ {quote.reason}",) if quote.reason else ())])


def history(
    context: typer.Context,
    herb: Annotated[str, typer.Option("--herb", help="option.quotes_herb")],
    grade: Annotated[str, typer.Option("--grade", help="option.quotes_grade")],
    market: Annotated[str, typer.Option("--market", help="option.quotes_market")],
    day: Annotated[datetime, typer.Option("--day", formats=["%Y-%m-%d"], help="option.quotes_day")],
    source: Annotated[str, typer.Option("--source", help="option.quotes_source")],
    origin: Annotated[str, typer.Option("--origin", help="option.quotes_origin")] = "",
) -> None:
    """Show what was said of one cell on one day, oldest first."""
    from priceindex import book
    from priceindex.errors import UnknownQuote
    from priceindex.intake.lateness import with_lateness
    from priceindex.quotes import Cell

    screen, cell = context.obj, Cell(herb, grade, origin, market)
    with deployment.reading(deployment.settings()) as session:
        found = with_lateness(session, book.history(session, cell, day.date(), source))
    if not found:
        raise UnknownQuote(cell=" ".join(cell), day=day.date(), source=source)
    rows = [
        (
            str(quote.revision),
            moment(quote.recorded_ms),
            f"{quote.fen_per_kg / 100:.2f}",
            quote.status.words(screen.language) + (" · " + screen.words("quotes.late") if quote.late else ""),
            (quote.decided_by or quote.submitter or "").strip(),
            _rules(quote, screen.language),
        )
        for quote in found
    ]
    heads = ("head.revision", "head.recorded", "head.price_yuan", "head.status", "head.who", "head.met")
    screen.table(heads, rows, title=" ".join(cell))


def rejected_rows(
    context: typer.Context, source: Source = None, rule: RuleCode = None, limit: Limit = 50
) -> None:
    """List rows no quote could be made of, the newest first."""
    from priceindex.intake.rejected import rejected

    with deployment.reading(deployment.settings()) as session:
        found = rejected(session, source=source, rule=rule, limit=limit)
    rows = [
        (
            moment(row.recorded_ms),
            row.source,
            "" if row.row is None else str(row.row),
            row.field or "",
            row.value or "",
            row.rule,
            (row.archive_sha256 or "")[:12],
        )
        for row in found
    ]
    heads = ("head.recorded", "head.source", "head.row", "head.field", "head.value", "head.met")
    context.obj.table((*heads, "head.archive"), rows)


def release(
    context: typer.Context,
    reason: Annotated[str, typer.Option("--reason", help="option.quotes_reason")],
    herb: Herb = None,
    market: Market = None,
    source: Source = None,
    rule: RuleCode = None,
    first: First = None,
    last: Last = None,
    by: Annotated[str, typer.Option("--by", help="option.quotes_by")] = "",
    token_file: Annotated[Path | None, typer.Option("--token-file", help="option.quotes_token_file")] = None,
) -> None:
    """Let every quarantined quote the options meet into the index."""
    chosen = {"herb": herb, "market": market, "source": source, "rule": rule}
    decide(context.obj, "release", {**chosen, **_days(first, last)}, reason, by, token_file)


def reject(
    context: typer.Context,
    reason: Annotated[str, typer.Option("--reason", help="option.quotes_reason")],
    herb: Herb = None,
    market: Market = None,
    source: Source = None,
    rule: RuleCode = None,
    status: State = "quarantined",
    first: First = None,
    last: Last = None,
    by: Annotated[str, typer.Option("--by", help="option.quotes_by")] = "",
    token_file: Annotated[Path | None, typer.Option("--token-file", help="option.quotes_token_file")] = None,
) -> None:
    """Keep every quote the options meet out of the index."""
    chosen = {"herb": herb, "market": market, "source": source, "rule": rule, "status": _status(status)}
    decide(context.obj, "reject", {**chosen, **_days(first, last)}, reason, by, token_file)


def _days(first: datetime | None, last: datetime | None) -> dict[str, str | None]:
    return {
        "first": None if first is None else first.date().isoformat(),
        "last": None if last is None else last.date().isoformat(),
    }


def names(context: typer.Context, source: Source = None) -> None:
    """List names nobody knows, with the rows that wait for each; then the aliases in force."""
    from api.clock import system_clock
    from priceindex.naming.aliases import aliases, shipped
    from priceindex.naming.review import waiting

    screen, now = context.obj, system_clock()
    with deployment.reading(deployment.settings()) as session:
        unknown = waiting(session, now, source=source)
        known = [*aliases(session, now), *shipped()]
    rows = [
        (screen.words(PARTS[name.kind]), name.written, name.source, str(name.rows), "、".join(name.nearest))
        for name in unknown
    ]
    heads = ("head.name_part", "head.written", "head.source", "head.waiting_rows", "head.nearest")
    screen.table(heads, rows, title=screen.words("quotes.waiting", count=len(rows)))
    lines = [
        (
            str(alias.number or "–"),
            screen.words(PARTS[alias.kind]),
            alias.written,
            alias.meant or screen.words("quotes.not_ours"),
            alias.source or screen.words("quotes.everybody"),
            alias.reason,
        )
        for alias in known
    ]
    heads = ("head.number", "head.name_part", "head.written", "head.meant", "head.source")
    screen.table((*heads, "head.reason"), lines, title=screen.words("quotes.aliases", count=len(lines)))


def sources(context: typer.Context, as_of: AsOf = None) -> None:
    """Show how far each source is trusted, measure by measure."""
    from api.clock import system_clock
    from api.routes.quotes import known_at
    from priceindex.reputation.scores import standings

    screen = context.obj
    with deployment.reading(deployment.settings()) as session:
        found = standings(session, known_at(as_of, system_clock()))
    rows = [
        (
            one.source,
            f"{one.score_bp / 10_000:.2f}"
            + (" · " + screen.words("quotes.review") if one.for_review else ""),
            f"{one.weight_bp / 10_000:.2f}",
            _measured(one, screen.language),
        )
        for one in found
    ]
    screen.table(("head.source", "head.score", "head.weight", "head.measures"), rows)


def _measured(one: "SourceStanding", language: str) -> str:
    """What a source did, one measure a line; those without a trial are left out."""
    return "\n".join(
        f"{measure.words(language)} {trials.well / trials.of:.0%}"
        for measure, trials in one.measures.items()
        if trials.of > 0
    )


def moment(at_ms: int) -> str:
    """A moment in the machine's own zone, to the minute."""
    from datetime import UTC

    return datetime.fromtimestamp(at_ms / 1000, UTC).astimezone().strftime("%Y-%m-%d %H:%M")
