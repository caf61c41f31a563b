"""Two operators for what binds others: an account with such a role waits, locked, for another than who asked.

Who alone could make such an account, give it the role or reset it would be two persons wherever four eyes
are asked for (ASVS 5.0, 2.3.5). The machine's own console may act alone: its owner can write the tables too.
"""

from sqlmodel import Session, col, select

from api.accounts import accounts
from api.accounts.account_tables import AccountRow
from api.key_request_errors import SamePersonAgain


def hold(session: Session, row: AccountRow, asked_by: str, now_ms: int) -> None:
    """Lock an account until another than `asked_by` lets it in; whoever knew its password knows nothing.

    `asked_by` is `api.callers.Caller.person`.
    """
    row.asked_by = asked_by
    row.password = row.password_ms = None
    accounts.lock(session, row.account_id, now_ms)
    accounts.end_keys(session, row.account_id, now_ms)


def require_another(row: AccountRow, person: str) -> None:
    """Raise `SamePersonAgain` where `person` asked for what the account waits for."""
    if asked_by_oneself(row, person):
        raise SamePersonAgain


def asked_by_oneself(row: AccountRow, person: str) -> bool:
    """Tell whether `person` asked for what the account waits for, by credential or name."""
    if row.asked_by is None:
        return False
    asked, name = row.asked_by.split(" ", 1)
    credential, own_name = person.split(" ", 1)
    return asked == credential or name == own_name


def waiting(session: Session) -> list[tuple[AccountRow, str]]:
    """Return the accounts that wait, the longest waiting first, each with the name of who asked for it.

    That is the sign-in name of a person, the name of a key that the operator issued.
    """
    held = select(AccountRow).where(col(AccountRow.asked_by).is_not(None))
    rows = session.exec(held.order_by(col(AccountRow.locked_ms), col(AccountRow.account_id)))
    return [(row, _asker(session, row)) for row in rows]


def _asker(session: Session, row: AccountRow) -> str:
    name = (row.asked_by or " ").split(" ", 1)[1]
    person = session.get(AccountRow, name)
    return name if person is None else person.name
