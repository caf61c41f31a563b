"""The program itself: which commands there are, in which language, and how each may end.

Exit codes: 0 done, 1 refused (the message says why), 2 misused, 3 our own mistake, 130 interrupted.
No command ever ends in a traceback.
"""

import os
import sys
import tempfile
import traceback
from collections.abc import Sequence
from typing import Annotated, Any, Final

import typer

import api.cli.forecast_table
import api.cli.index_analysis
import api.cli.index_bulletin
import api.cli.index_calculator
import api.cli.index_comparison
import api.cli.index_life
import api.cli.index_release
import api.cli.index_seasonal
import api.cli.index_weights
import api.cli.warnings_deciding
import api.cli.warnings_watching  # noqa: F401  adds its commands to `daodi warnings`
from api.asking import ASKING, Asking
from api.cli import (
    access,
    accounts,
    city,
    codes,
    corrections,
    documents,
    feeds,
    forecast,
    fsck,
    governance,
    index,
    inspections,
    integrity,
    keys,
    labels,
    lineage,
    log,
    printed_proofs,
    private,
    proof,
    quotes,
    rebuild,
    recalls,
    registers,
    setup,
    sm,
    standing,
    supervision,
    take_in,
    warnings,
    way,
    webhooks,
    witness,
)
from api.cli.errors import Unforeseen
from api.cli.language import split_language
from api.cli.phrases import phrase
from api.cli.screen import Screen
from api.cli.usage import explain
from ledger.errors import DaodiError, Language

DONE: Final = 0
REFUSED: Final = 1
MISUSED: Final = 2
BROKEN: Final = 3
INTERRUPTED: Final = 130


def run(arguments: Sequence[str]) -> int:
    """Run the command that `arguments` name and return its exit code."""
    language, rest = split_language(arguments, os.environ)
    screen = Screen(language)
    asking = ASKING.set(Asking("daodi", ""))
    try:
        outcome = command(language).main(
            args=rest or ["--help"], prog_name="daodi", standalone_mode=False, obj=screen
        )
    except typer.TyperException as error:
        message, remedy = explain(error, language)
        screen.remark("fault", message=message)
        screen.remark("fault.remedy", remedy=remedy)
        return MISUSED
    except DaodiError as error:
        screen.fault(error)
        return REFUSED
    except (typer.Abort, KeyboardInterrupt):
        return INTERRUPTED
    except Exception as error:  # noqa: BLE001  whatever it is, a person gets words and a file, no traceback
        screen.fault(_kept(error))
        return BROKEN
    finally:
        ASKING.reset(asking)
    return outcome if isinstance(outcome, int) else DONE


def application() -> typer.Typer:
    """Return the whole program; its help texts are still keys of phrases."""
    app = typer.Typer(add_completion=False, rich_markup_mode="rich", help="help.daodi")
    app.callback()(_anywhere)
    for part in (
        setup,
        city,
        codes,
        take_in,
        quotes,
        feeds,
        registers,
        documents,
        access,
        accounts,
        way,
        lineage,
        standing,
        recalls,
        governance,
        index,
        forecast,
        warnings,
        webhooks,
        integrity,
        inspections,
        supervision,
        labels,
        proof,
        printed_proofs,
        private,
        corrections,
        rebuild,
        log,
        fsck,
        keys,
        witness,
        sm,
    ):
        part.register(app)
    return app


def command(language: Language) -> Any:  # noqa: ANN401  typer keeps the class of its commands to itself
    """Return the program as one command whose every help text is in `language`."""
    whole = typer.main.get_command(application())
    _translate(whole, language)
    return whole


def _tell_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"daodi {version('daodi')}")
        raise typer.Exit


def _refuse_language(language: str) -> None:
    """Refuse what is left: a known language was taken out of the arguments before the parser saw them."""
    if language:
        message = f"{language} (zh, en)"
        raise typer.BadParameter(message, param_hint="--language")


def _anywhere(
    context: typer.Context,
    version: Annotated[  # noqa: ARG001  its callback does it
        bool, typer.Option("--version", help="option.version", is_eager=True, callback=_tell_version)
    ] = False,
    language: Annotated[  # noqa: ARG001  taken out of the arguments before
        str, typer.Option("--language", help="option.language", metavar="zh|en", callback=_refuse_language)
    ] = "",
) -> None:
    """Hold the two options that every command knows, and say which command asks."""
    if (asking := ASKING.get()) is not None:
        asking.operation = f"daodi {context.invoked_subcommand}"


def _translate(one: Any, language: Language) -> None:  # noqa: ANN401  as in `command`
    """Replace keys by phrases in a command, its parameters and the commands below it."""
    one.help = phrase(one.help, language)
    one.rich_help_panel = phrase("panel.commands", language)
    help_option = one.get_help_option(typer.Context(one))
    help_option.help = "option.help"
    for parameter in (*one.params, help_option):
        parameter.help = phrase(parameter.help, language)
        kind = "panel.arguments" if parameter.param_type_name == "argument" else "panel.options"
        parameter.rich_help_panel = phrase(kind, language)
    for below in getattr(one, "commands", {}).values():
        _translate(below, language)


def _kept(error: Exception) -> Unforeseen:
    """Put the traceback where a maintainer can read it, and nobody else must."""
    with tempfile.NamedTemporaryFile(
        "w", prefix="daodi-", suffix=".txt", delete=False, encoding="utf-8"
    ) as file:
        traceback.print_exception(error, file=file)
        print(f"python {sys.version}", file=file)
    return Unforeseen(kind=type(error).__name__, file=file.name)
