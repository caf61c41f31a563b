"""Misused commands, said in the person's language instead of the parser's English."""

import re
from typing import Final

from pydantic import ValidationError
from typer import TyperException

from ledger.errors import Language

_SAYINGS: Final[dict[str, tuple[str, str]]] = {
    "MissingParameter": ("缺少参数 {name}", "the argument {name} is missing"),
    "NoSuchOption": ("没有选项 {name}", "there is no option {name}"),
    "BadParameter": ("参数 {name} 的值有误：{detail}", "the value of {name} is wrong: {detail}"),
    "BadOptionUsage": ("选项 {name} 用法有误：{detail}", "the option {name} is misused: {detail}"),
}
"""By the parser's class of error; both sayings name the same parts."""

_BARE: Final[tuple[tuple[re.Pattern[str], tuple[str, str]], ...]] = (
    (re.compile(r"(?:Missing command\.)?"), ("缺少命令", "a command is missing")),
    (re.compile(r"No such command '(?P<name>[^']+)'\."), ("没有命令 {name}", "there is no command {name}")),
    (
        re.compile(r"No such command '(?P<name>[^']+)'\. Did you mean (?P<near>.+)\?"),
        ("没有命令 {name}；相近的有 {near}", "there is no command {name}; near it: {near}"),
    ),
    (
        re.compile(r"Got unexpected extra arguments?(?:\(s\))? \((?P<name>.+)\)"),
        ("多余的参数 {name}", "the argument {name} is one too many"),
    ),
    (re.compile(r"(?P<name>.*)", re.DOTALL), ("命令有误：{name}", "the command is wrong: {name}")),
)
"""By what the parser says where it has no class of its own; the last takes the rest."""

_REMEDY: Final = ("运行 {command} --help 查看用法", "run {command} --help to see how it is used")


def explain(error: TyperException, language: Language) -> tuple[str, str]:
    """Return what is wrong with a command line, and what to do."""
    place = 0 if language == "zh" else 1
    context = getattr(error, "ctx", None)
    command = context.command_path if context is not None else "daodi"
    return _message(error, language, place), _REMEDY[place].format(command=command)


def _message(error: TyperException, language: Language, place: int) -> str:
    for kind in type(error).__mro__:
        if kind.__name__ in _SAYINGS:
            saying = _SAYINGS[kind.__name__][place]
            return saying.format(name=_name(error), detail=_detail(error, language))
    for form, sayings in _BARE:
        if found := form.fullmatch(error.message):
            return sayings[place].format(**found.groupdict())
    return error.message


def _name(error: TyperException) -> str:
    named = getattr(error, "option_name", None) or getattr(error, "param_hint", None)
    parameter = getattr(error, "param", None)
    if named or parameter is None:
        return str(named or "?")
    if parameter.param_type_name == "argument":
        return str(parameter.name).upper()
    return " / ".join(parameter.opts)


def _detail(error: TyperException, language: Language) -> str:
    """Say why a value does not fit, in the words the interface uses for the same fault."""
    if isinstance(error.__cause__, ValidationError):
        from api.field_words import field_words

        words = field_words(error.__cause__.errors(include_input=False, include_url=False)[0])
        return words.say(language)
    return error.message
