"""What the members of a class or module mean: the words that stand below each of them in its source."""

import ast
import inspect
import textwrap
from functools import cache
from itertools import pairwise
from types import ModuleType


@cache
def meanings(of: type | ModuleType) -> dict[str, str]:
    """The first paragraph of the words below each member, by name; members without words are absent.

    >>> from priceindex.family_text import Values
    >>> meanings(Values)["week"]
    'ISO weeks; a week belongs to the month of its Thursday (ISO 8601).'
    """
    told = ast.parse(textwrap.dedent(inspect.getsource(of)))
    body = told.body
    if isinstance(of, type) and isinstance(body[0], ast.ClassDef):
        body = body[0].body
    found: dict[str, str] = {}
    for member, after in pairwise(body):
        name, words = _name(member), _words(after)
        if name and words:
            found[name] = words
    return found


def _name(member: ast.stmt) -> str:
    """The name a statement gives a value; empty where it gives none."""
    target: ast.expr | None = member.target if isinstance(member, ast.AnnAssign) else None
    if isinstance(member, ast.Assign) and len(member.targets) == 1:
        target = member.targets[0]
    return target.id if isinstance(target, ast.Name) else ""


def _words(statement: ast.stmt) -> str:
    """The first paragraph of a statement that is nothing but a text; else empty."""
    told = statement.value if isinstance(statement, ast.Expr) else None
    if isinstance(told, ast.Constant) and isinstance(told.value, str):
        return " ".join(told.value.split("\n\n")[0].split())
    return ""
