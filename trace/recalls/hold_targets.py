"""What a hold is placed on: the target checked, its lots found, and who may hold it."""

from collections.abc import Sequence

from pydantic import BaseModel, ConfigDict, Field
from sqlmodel import Session, col, select

from ledger.errors import Location
from ledger.plain_text import PlainText
from trace.coding.code_keys import CodeKeys
from trace.coding.code_reading import code_state
from trace.coding.pack_finding import find_ranges
from trace.errors import UnknownFreezeTarget
from trace.recalls.hold_world import HoldKind, Role
from trace.recalls.persons import Person
from trace.recalls.recall_errors import NotYourGoods
from trace.tables import LotRow, PartyRow, StepRow
from trace.vocabulary import Form


class HoldNew(BaseModel):
    """A hold as it is asked for: a party, a product (herb, form and maker), a lot or a code."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    kind: HoldKind
    """party, product, lot or code; a recall is opened at /v1/recalls."""
    target: PlainText = Field(min_length=1, max_length=120)
    """USCC, lot id, trace code, or `herb/form/USCC` of a product, such as 白芍/slice/9134…."""
    reason: PlainText = Field(min_length=1, max_length=300)
    """Why, in words the public reads: no names of persons."""
    document: str | None = Field(default=None, pattern=r"^[0-9a-f]{64}$")
    """SHA-256 of the order it rests on."""


def checked_target(session: Session, kind: HoldKind, target: str, code_keys: CodeKeys) -> str:
    """Return the target as it is stated: of a code its serial, since the log spells out no codes.

    Raises `UnknownFreezeTarget`, and for a code `MalformedCode`, `ForgedCode` and `UnknownCode`.
    """
    if kind is HoldKind.CODE:
        return str(code_state(session, target, code_keys).serial)
    known = {HoldKind.PARTY: _is_party, HoldKind.LOT: _is_lot, HoldKind.PRODUCT: _is_product}.get(kind)
    if known is None or not known(session, target):
        raise UnknownFreezeTarget(
            kind_zh=kind.zh, kind_en=kind.en, target=target, at=Location(field="target", value=target)
        )
    return target


def lots_of_target(session: Session, kind: HoldKind, target: str) -> tuple[str, ...]:
    """Return the lots a hold names: of a product all that its maker made of that herb in that form."""
    if kind is HoldKind.LOT:
        return (target,)
    if kind is not HoldKind.PRODUCT:
        return ()
    herb, form, maker = target.rsplit("/", 2)
    made = (
        select(LotRow.lot_id)
        .join(StepRow, col(StepRow.step_id) == col(LotRow.made_step))
        .where(LotRow.herb == herb, LotRow.form == form, StepRow.party == maker)
        .order_by(col(LotRow.lot_id))
    )
    return tuple(session.exec(made))


def require_goods(session: Session, kind: HoldKind, target: str, person: Person) -> None:
    """Raise `NotYourGoods` unless `person` may hold this: an owner only what it made or holds."""
    if person.role is not Role.OWNER:
        return
    if person.party not in _owners(session, kind, target):
        raise NotYourGoods(party=person.party, kind_zh=kind.zh, kind_en=kind.en, target=target)


def maker_of(session: Session, lot: str) -> str | None:
    """Return the USCC of who made a lot; None for a lot that does not exist."""
    made = select(StepRow.party).join(LotRow, col(LotRow.made_step) == col(StepRow.step_id))
    return session.exec(made.where(LotRow.lot_id == lot)).first()


def _owners(session: Session, kind: HoldKind, target: str) -> Sequence[str | None]:
    if kind is HoldKind.PARTY:
        return [target]
    if kind is HoldKind.PRODUCT:
        return [target.rsplit("/", 2)[2]]
    if kind is HoldKind.CODE:
        return _owners_of_code(session, int(target))
    return [maker_of(session, target), _holder_of(session, target)]


def _owners_of_code(session: Session, serial: int) -> Sequence[str | None]:
    """Who made what a pack holds and who has it; of what holds no goods itself, who has or ordered it."""
    [named] = find_ranges(session, [(serial, serial)]).named
    lot = named.run.lot_id
    if lot is None:
        return [named.run.holder or named.party]
    return [maker_of(session, lot), named.run.holder or _holder_of(session, lot)]


def _holder_of(session: Session, lot: str) -> str | None:
    row = session.get(LotRow, lot, populate_existing=True)
    return row.holder if row else None


def _is_party(session: Session, target: str) -> bool:
    return session.get(PartyRow, target) is not None


def _is_lot(session: Session, target: str) -> bool:
    return session.get(LotRow, target) is not None


def _is_product(session: Session, target: str) -> bool:
    parts = target.rsplit("/", 2)
    return len(parts) == 3 and parts[1] in set(Form) and _is_party(session, parts[2])
