"""What a checked evidence file says of how a lot stands: the newest `lot.standing` statement in it."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from trace.quantities import format_mass
from trace.vocabulary import Form

if TYPE_CHECKING:
    from api.cli.screen import Screen
    from ledger.verify.leaves import Leaf
    from ledger.verify.strict_json import Json

KIND: Final = "lot.standing"
_QUALITIES: Final = {
    "untested": "standing.untested",
    "passed": "standing.passed",
    "failed": "standing.failed",
}


def show_standing(screen: "Screen", content: bytes) -> None:
    """Print holder, balance, tests and holds as the operator stated them; nothing where nobody did.

    `content` is an evidence file that was checked. Entries on the lot that came later are counted.
    """
    from ledger.verify.evidence import parse
    from ledger.verify.leaves import read

    leaves = [read(each.leaf, each.index) for each in parse(content).entries]
    stated = [leaf for leaf in leaves if leaf.kind == KIND]
    if not stated:
        return
    newest = stated[-1]
    later = sum(leaf.subject == newest.subject and leaf.index > newest.index for leaf in leaves)
    _show(screen, newest)
    if later:
        screen.remark("standing.later", count=later)


def _show(screen: "Screen", leaf: "Leaf") -> None:
    said = leaf.public
    moment = datetime.fromtimestamp(leaf.at_ms / 1000, UTC).isoformat(timespec="seconds")
    screen.show("standing.title", lot=said["lot"], moment=moment, index=leaf.index)
    screen.show(
        "standing.goods", herb=said["herb"], form=_form(said["form"], screen), grade=said["grade"] or ""
    )
    screen.show("standing.holder", name=said["holder_name"], uscc=said["holder"])
    screen.show(
        "standing.balance",
        came=_mass(said["grams_in"], screen),
        loose=_mass(said["grams"], screen),
        packed=_mass(said["packed_grams"], screen),
        sold=_mass(said["sold_grams"], screen),
    )
    tests = _listed(said["tests"])
    over = sum(each["within"] is False for each in tests)
    screen.show(
        "standing.tests", quality=screen.words(_QUALITIES[str(said["quality"])]), count=len(tests), over=over
    )
    holds = _listed(said["holds"])
    reasons = "；".join(str(each["reason"]) for each in holds)
    screen.show("standing.held" if holds else "standing.free", reasons=reasons)


def _listed(value: "Json") -> Sequence[Mapping[str, "Json"]]:
    return [each for each in value if isinstance(each, Mapping)] if isinstance(value, list) else []


def _mass(grams: "Json", screen: "Screen") -> str:
    return format_mass(grams, screen.language) if isinstance(grams, int) else screen.words("trace.none")


def _form(key: "Json", screen: "Screen") -> str:
    return Form(str(key)).words(screen.language)
