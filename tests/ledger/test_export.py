"""The exported tree is byte for byte the one of the specification, and never overwrites another."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from ledger.errors import DaodiError
from ledger.tree.export import export
from ledger.tree.static_tree import paths_of, tree_bytes
from ledger.tree.tile_errors import ExportDiffers, ExportForeign, ExportUnwritable, NoSuchTile, TileAltered
from ledger.tree.tile_paths import TilePath
from tests.ledger import plain_tree
from tests.ledger.direct_log import ORIGIN, VKEY, DirectLog


@pytest.fixture
def many(sqlite_url: str) -> Iterator[DirectLog]:
    log = DirectLog(sqlite_url)
    yield log
    log.engine.dispose()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where an export goes: beside the database."""
    made = tmp_path / "out"
    made.mkdir()
    return made


def contents(folder: Path) -> dict[str, bytes]:
    """Every file below `folder` by its path."""
    return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


@pytest.mark.parametrize("size", [1, 255, 256, 257])
def test_the_tree_in_a_folder_is_the_specifications(many: DirectLog, folder: Path, size: int) -> None:
    many.grow_to(size)
    head = many.sign()
    with many.read() as session:
        done = export(session, folder, head)
    expected = plain_tree.files(many.leaves)
    found = contents(folder)
    assert found.pop("checkpoint").decode() == head.text
    assert found.pop("vkey").decode() == VKEY + "\n"
    assert found == expected
    assert (done.size, done.written, done.kept) == (size, len(expected) + 2, 0)


def test_every_tile_at_the_edges_of_the_third_level_is_the_specifications(many: DirectLog) -> None:
    many.grow_to(65_537)
    with many.read() as session:
        for size in (65_535, 65_536, 65_537):
            expected = plain_tree.files(many.leaves[:size])
            found = {str(path): path for path in paths_of(size)}
            assert found.keys() == expected.keys()
            near = [path for path in found if "254" in path or "255" in path or "256" in path]
            upper = [path for path in found if path.startswith(("tile/1/", "tile/2/"))]
            for path in [*near, *upper]:
                assert tree_bytes(session, found[path], size) == expected[path], path


def test_an_export_goes_on_where_the_last_one_ended(many: DirectLog, folder: Path) -> None:
    many.grow_to(300)
    first = many.sign()
    with many.read() as session:
        export(session, folder, first)
    before = contents(folder)
    many.grow_to(600)
    second = many.sign()
    seen: list[None] = []
    with many.read() as session:
        done = export(session, folder, second, lambda: seen.append(None))
        again = export(session, folder, second)
    after = contents(folder)
    assert {path: after[path] for path in before if path.startswith("tile/")} == {
        path: content for path, content in before.items() if path.startswith("tile/")
    }
    assert {path for path in after if path.startswith("tile/")} >= plain_tree.files(many.leaves).keys()
    assert done.kept == 2  # the first full tile and its bundle
    assert len(seen) == len(plain_tree.files(many.leaves))
    assert (again.written, again.kept) == (2, len(seen))


def test_an_interrupted_export_has_no_checkpoint_and_is_taken_up(many: DirectLog, folder: Path) -> None:
    many.grow_to(700)
    head = many.sign()
    left = [None] * 3

    def interrupted() -> None:
        left.pop()
        if not left:
            raise KeyboardInterrupt

    with many.read() as session, pytest.raises(KeyboardInterrupt):
        export(session, folder, head, interrupted)
    assert not (folder / "checkpoint").exists()
    with many.read() as session:
        assert export(session, folder, head).kept == 3
    assert contents(folder).keys() == plain_tree.files(many.leaves).keys() | {"checkpoint", "vkey"}


def test_a_file_with_other_bytes_stops_the_export(many: DirectLog, folder: Path) -> None:
    many.grow_to(300)
    head = many.sign()
    with many.read() as session:
        export(session, folder, head)
        altered = folder / "tile/0/000"
        altered.write_bytes(bytes([altered.read_bytes()[0] ^ 1]) + altered.read_bytes()[1:])
        kept = altered.read_bytes()
        with pytest.raises(ExportDiffers, match="tile/0/000"):
            export(session, folder, head)
    assert altered.read_bytes() == kept


def test_a_folder_of_a_longer_or_another_log_is_refused(many: DirectLog, folder: Path) -> None:
    many.grow_to(3)
    head = many.sign()
    for text in (
        head.text.replace(f"{ORIGIN}\n3\n", f"{ORIGIN}\n4\n"),
        head.text.replace(ORIGIN, "other.example/log"),
        "nonsense",
    ):
        (folder / "checkpoint").write_text(text)
        with many.read() as session, pytest.raises(ExportForeign):
            export(session, folder, head)
    assert contents(folder).keys() == {"checkpoint"}


def test_a_folder_that_cannot_be_written_is_named(many: DirectLog, folder: Path) -> None:
    many.grow_to(3)
    head = many.sign()
    (folder / "tile").write_text("a file where a folder has to be")
    with many.read() as session, pytest.raises(ExportUnwritable, match="tile"):
        export(session, folder, head)


@pytest.mark.parametrize(
    "path",
    [
        "tile/0/0",
        "tile/0/0000",
        "tile/00/000",
        "tile/01/000",
        "tile/64/000",
        "tile/-1/000",
        "tile/0/x000/000",
        "tile/0/x000/x001/234",
        "tile/0/001/x234/067",
        "tile/0/x001/x234/x067",
        "tile/0/000.p/0",
        "tile/0/000.p/01",
        "tile/0/000.p/256",
        "tile/0/000.p/",
        "tile/0/000/",
        "tile/0/000.p/1/",
        "tile/0/٠٠٠",
        "tile/0/000\n",
        "tile/entries/0",
        "tile/entries/x000/001",
        "tile/Entries/000",
        "tile//000",
        "tile/0/" + "x001/" * 6 + "000",
        "",
    ],
)
def test_every_other_spelling_of_a_path_is_refused(path: str) -> None:
    with pytest.raises(NoSuchTile):
        TilePath.parse(path)


@pytest.mark.parametrize("path", ["tile/0/000", "tile/63/x001/x234/067.p/255", "tile/entries/x999/999.p/1"])
def test_a_path_is_read_as_it_is_written(path: str) -> None:
    assert str(TilePath.parse(path)) == path


def test_nothing_beyond_the_size_is_given_whatever_is_stored(many: DirectLog) -> None:
    many.grow_to(300)
    with many.read() as session:
        for path in (
            "tile/0/001",
            "tile/0/001.p/3",
            "tile/entries/001.p/3",
            "tile/1/000.p/2",
            "tile/2/000.p/1",
        ):
            with pytest.raises(NoSuchTile):
                tree_bytes(session, TilePath.parse(path), 258)
        assert len(tree_bytes(session, TilePath.parse("tile/0/001.p/2"), 258)) == 64


def test_rows_that_are_missing_are_never_passed_over(many: DirectLog) -> None:
    many.grow_to(300)
    with many.engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM ledger_entry WHERE entry_index = 7")
        connection.exec_driver_sql("UPDATE ledger_tile SET hashes = x'00' WHERE level = 0 AND tile_index = 1")
    with many.read() as session:
        for path in ("tile/entries/000", "tile/0/001.p/44"):
            with pytest.raises(TileAltered):
                tree_bytes(session, TilePath.parse(path), 300)


def test_the_tree_takes_at_most_33_bytes_an_entry(many: DirectLog) -> None:
    """Counted: the hashes and the key of every stored tile, at the size where partial tiles weigh most."""
    many.grow_to(65_535)
    with many.engine.begin() as connection:
        stored = connection.exec_driver_sql("SELECT sum(length(hashes) + 4 + 8), count(*) FROM ledger_tile")
        total, tiles = stored.one()
    assert tiles == 257
    assert total / 65_535 <= 33


def test_every_refusal_has_words_in_both_languages() -> None:
    for kind in (ExportDiffers, ExportForeign, ExportUnwritable, NoSuchTile, TileAltered):
        assert issubclass(kind, DaodiError)
        assert all((kind.zh, kind.en, kind.remedy_zh, kind.remedy_en))
