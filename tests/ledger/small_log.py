"""A log in a real database, small enough to look at whole."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import text
from sqlmodel import Session, create_engine

import ledger.sm.tables
import ledger.tables  # noqa: F401  registers the tables
from ledger import registry
from ledger.audits.audit import AuditReport, audit
from ledger.entry import SignedStatement, Statement, sign_statement
from ledger.keyring.log_keys import fixed
from ledger.keys import SigningKey
from ledger.note import NoteKey
from ledger.writing import outbox
from ledger.writing.kept_heads import KeptHeads
from ledger.writing.sequencer import Sequencer
from tests.made_tables import make_tables

ORIGIN = "log.example/bozhou"
LOG_KEY = SigningKey.from_seed(bytes(range(32)))
GROWER = SigningKey.from_seed(bytes(range(32, 64)))
STRANGER = SigningKey.from_seed(bytes(range(64, 96)))
VKEY = NoteKey(ORIGIN, LOG_KEY.public).to_vkey()
AT_MS = 1_735_689_600_000


def statement(name: str, subject: str = "lot/BS-24-0001", **public: str | int) -> Statement:
    """A step statement with this id."""
    return Statement(id=name, kind="step", subject=subject, at_ms=AT_MS, public=public or {"herb": "白芍"})


def signed(name: str, subject: str = "lot/BS-24-0001", **public: str | int) -> SignedStatement:
    """The same, signed by the grower for this log."""
    return sign_statement(statement(name, subject, **public), ORIGIN, GROWER)


class SmallLog:
    """A founded log with one registered grower: two entries wait for their index."""

    def __init__(self, url: str) -> None:
        self.engine = create_engine(url)
        make_tables(self.engine, "ledger_")
        with self.write() as session:
            registry.found(session, ORIGIN, LOG_KEY, AT_MS)
            registry.register_key(session, GROWER, ORIGIN, AT_MS, holder="91341600MA2MRYJ17X")

    @contextmanager
    def write(self) -> Iterator[Session]:
        """A session that commits at the end."""
        with Session(self.engine) as session, session.begin():
            yield session

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session that does not."""
        with Session(self.engine) as session:
            yield session

    def sequencer(self, group: int = 1024, kept: KeptHeads | None = None) -> Sequencer:
        """A sequencer on this log."""
        return Sequencer(self.write, ORIGIN, fixed(LOG_KEY), group, kept)

    def submit(self, *names: str, subject: str = "lot/BS-24-0001") -> None:
        """Submit one statement under each id."""
        with self.write() as session:
            for name in names:
                outbox.submit(session, signed(name, subject))

    def grow(self, count: int, lots: int = 7) -> None:
        """Integrate `count` more statements, `s0` first, spread over some lots."""
        said = [signed(f"s{number}", f"lot/{number % lots}", grams=number) for number in range(count)]
        with self.write() as session:
            outbox.submit_many(session, said)
        self.sequencer().drain()

    def sql(self, command: str, **values: object) -> None:
        """Do what somebody who owns the database can do."""
        with self.engine.begin() as connection:
            connection.execute(text(command), values)

    def value(self, query: str, **values: object) -> object:
        """The first column of the first row of a query."""
        with self.engine.connect() as connection:
            return connection.execute(text(query), values).scalar()

    def audit(self, kept: tuple[str, ...] = ()) -> AuditReport:
        """Replay it all."""
        with self.read() as session:
            return audit(session, VKEY, kept)
