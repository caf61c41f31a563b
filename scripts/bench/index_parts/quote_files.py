"""Quote histories for the figures: herbs in two grades at five markets, quoted daily by several sources."""

import datetime
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import duckdb

from priceindex.classification import CLASSES
from priceindex.history.layout import COLUMNS, MANIFEST, Manifest, Names, YearFile, year_file

FIRST: Final = datetime.date(2024, 1, 1)
AS_OF_MS: Final = 1_767_312_000_000
GRADES: Final = ("统", "选")
MARKETS: Final = ("亳州", "安国", "荷花池", "玉林", "普宁")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """How many of each there are."""

    days: int
    herbs: int
    """Each in two grades at every market."""
    sources: int

    @property
    def cells(self) -> int:
        """Cells quoted every day."""
        return 2 * self.herbs * len(MARKETS)

    @property
    def rows(self) -> int:
        """Quotes in all."""
        return self.days * self.cells * self.sources

    @property
    def last(self) -> datetime.date:
        """The last day."""
        return FIRST + datetime.timedelta(days=self.days - 1)

    @property
    def class_of(self) -> dict[str, str]:
        """The class of every herb: each of the twelve in turn."""
        classes = sorted(CLASSES)
        return {f"药{number:05d}": classes[number % len(classes)] for number in range(self.herbs)}


def write_quotes(folder: Path, shape: Shape) -> None:
    """Write a history of this shape, as `write_history` lays one out; the same rows every time."""
    made = f"""
        SELECT DATE '{FIRST}' + d::INTEGER AS day, printf('药%05d', h) AS herb, g AS grade, '' AS origin,
            m AS market, 'source' || s AS source, 0 AS revision, true AS standing,
            (500 + hash(h, g, m) % 20000 * exp(0.1 * sin((d + h) / 50.0)) + hash(h, g, m, d, s) % 60)::BIGINT
                AS fen_per_kg,
            NULL AS low_fen_per_kg, NULL AS high_fen_per_kg, 'market' AS tier, 'accepted' AS status,
            '' AS rules, 1 AS deals, {AS_OF_MS - 1} AS recorded_ms
        FROM range({shape.days}) AS days(d), range({shape.herbs}) AS herbs(h),
            unnest({list(GRADES)}) AS grades(g), unnest({list(MARKETS)}) AS markets(m),
            range({shape.sources}) AS sources(s)"""  # noqa: S608  constants and whole numbers
    picked = ", ".join(f"{name}::{kind} AS {name}" for name, kind in COLUMNS.items())
    years: list[YearFile] = []
    with duckdb.connect(config={"threads": 2}) as connection:
        for year in range(FIRST.year, shape.last.year + 1):
            file = year_file(folder, year)
            file.parent.mkdir(parents=True)
            ordered = "ORDER BY day, herb, grade, origin, market, source"
            written = connection.execute(
                f"COPY (SELECT {picked} FROM ({made}) WHERE year(day) = {year} {ordered}) "  # noqa: S608  as above
                "TO $file (FORMAT parquet, COMPRESSION zstd)",
                {"file": str(file)},
            ).fetchall()
            years.append(YearFile(year=year, rows=written[0][0], withheld=0))
    names = Names(
        herb=tuple(sorted(shape.class_of)),
        grade=tuple(sorted(GRADES)),
        origin=("",),
        market=tuple(sorted(MARKETS)),
        source=tuple(sorted(f"source{number}" for number in range(shape.sources))),
    )
    manifest = Manifest(as_of_ms=AS_OF_MS, names=names, years=tuple(years))
    (folder / MANIFEST).write_text(manifest.model_dump_json(), encoding="utf-8")
    if sum(each.rows for each in years) != shape.rows:
        msg = "the history has not the rows it should have"
        raise ValueError(msg)
