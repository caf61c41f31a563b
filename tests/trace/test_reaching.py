"""The recursive query finds what a plain walk finds, and PostgreSQL reads no whole table for it."""

import random
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import pytest
from sqlalchemy.dialects import postgresql
from sqlmodel import Session

from trace.lineage import ancestors, descendants, reached, whole_steps_forward
from trace.reaching import edges_reached, whole_steps_reached
from trace.tables import EdgeRow, LotRow, StepRow, insert_rows

from .season import MAKER, founded

Edges = Sequence[tuple[int, int]]


@contextmanager
def edges_in(url: str, lots: int, edges: Edges) -> Iterator[Session]:
    """A database with lots `L0`, `L1` … and these edges; a lot is made by the step of its own number."""
    with founded(url) as session:
        insert_rows(session, StepRow, [_step(number) for number in range(lots)])
        insert_rows(session, LotRow, [_lot(number) for number in range(lots)])
        insert_rows(session, EdgeRow, [_edge(*edge) for edge in edges])
        session.commit()
        yield session


def woven(lots: int, draw: random.Random) -> Edges:
    """Every lot made of up to three earlier ones: splits, merges and lozenges."""
    return [
        (source, target)
        for target in range(5, lots)
        for source in sorted(draw.sample(range(target), draw.randrange(4)))
    ]


def walked(edges: Edges, begun: int, *, back: bool) -> set[int]:
    seen, waiting = {begun}, [begun]
    while waiting:
        lot = waiting.pop()
        ends = [source if back else target for source, target in edges if lot == (target if back else source)]
        waiting += [end for end in ends if end not in seen]
        seen.update(ends)
    return seen


def test_the_query_reaches_what_a_plain_walk_reaches(database_url: str) -> None:
    edges = woven(40, random.Random(11))
    with edges_in(database_url, 40, edges) as session:
        for begun in range(0, 40, 3):
            for back, asked in ((True, ancestors), (False, descendants)):
                lots = walked(edges, begun, back=back)
                wanted = {edge for edge in edges if edge[1 if back else 0] in lots}
                assert reached(session, [f"L{begun}"], back=back) == {f"L{lot}" for lot in lots}
                found = asked(session, [f"L{begun}"])
                assert len(found) == len(wanted)
                assert {(edge.source, edge.target) for edge in found} == _named(wanted)


def test_whole_steps_bring_the_edges_from_other_sources_once_each(database_url: str) -> None:
    edges = woven(40, random.Random(12))
    with edges_in(database_url, 40, edges) as session:
        for begun in range(0, 40, 3):
            lots = walked(edges, begun, back=False)
            made = {target for source, target in edges if source in lots}
            wanted = {edge for edge in edges if edge[1] in made}
            found = whole_steps_forward(session, [f"L{begun}"])
            assert len(found) == len(wanted)
            assert {(edge.source, edge.target) for edge in found} == _named(wanted)


@pytest.mark.postgresql
def test_postgresql_reads_no_whole_table_even_before_it_has_statistics(postgresql_url: str) -> None:
    chain = [(lot, lot + 1) for lot in range(2_999)]
    with edges_in(postgresql_url, 3_000, chain) as session:
        connection = session.connection()
        for asked in (
            edges_reached("postgresql", back=True),
            edges_reached("postgresql", back=False),
            whole_steps_reached("postgresql"),
        ):
            spelt = asked.params({"lots": ["L7"]}).compile(
                dialect=postgresql.psycopg.dialect(),  # type: ignore[no-untyped-call]  # SQLAlchemy's
                compile_kwargs={"literal_binds": True, "render_postcompile": True},
            )
            plan = "\n".join(str(row[0]) for row in connection.exec_driver_sql(f"EXPLAIN {spelt}"))
            assert "Seq Scan" not in plan, plan


def _named(edges: set[tuple[int, int]]) -> set[tuple[str, str]]:
    return {(f"L{source}", f"L{target}") for source, target in edges}


def _step(number: int) -> dict[str, object]:
    return StepRow(
        step_id=f"S{number}",
        nth=number,
        position=number,
        stage="split",
        party=MAKER,
        place="PLOT",
        event_ms=number,
        offset_minutes=0,
        recorded_ms=number,
        public="{}",
        statement_id=f"urn:uuid:S{number}",
    ).model_dump()


def _lot(number: int) -> dict[str, object]:
    return LotRow(
        lot_id=f"L{number}",
        herb="白芍",
        form="herb",
        holder=MAKER,
        grams_in=1,
        grams=1,
        made_ms=number,
        made_step=f"S{number}",
        made_statement=f"urn:uuid:S{number}",
    ).model_dump()


def _edge(source: int, target: int) -> dict[str, object]:
    return EdgeRow(
        step_id=f"S{target}",
        source=f"L{source}",
        target=f"L{target}",
        grams_in=1,
        grams_out=1,
        event_ms=target,
    ).model_dump()
