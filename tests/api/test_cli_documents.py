"""`daodi document keep` and files of XML: what a clerk sees on the screen."""

from collections.abc import Callable
from pathlib import Path

from tests.trace.files import PDF, series
from tests.trace.mofcom_season import MESSAGES, document
from tests.trace.season import GROWER


def test_an_xml_file_and_then_a_report_and_a_series_are_taken_in(
    told: Callable[..., str], refused: Callable[..., str], tmp_path: Path
) -> None:
    season, report, raw, page = (tmp_path / name for name in ("a.xml", "r.pdf", "t.csv", "x.png"))
    season.write_bytes(document(*MESSAGES))
    assert "15" in told("import", "steps", str(season))
    report.write_bytes(PDF)
    keep = ("document", "keep", str(report), "--party", GROWER, "--kind", "test_report", "--lot", "M-HERB")
    assert "sha256:" in told(*keep)
    assert "before" in told(*keep)
    raw.write_bytes(series(10))
    with_unit = ("--kind", "series", "--quantity", "Temperature")
    assert "10 readings" in told("document", "keep", str(raw), "--party", GROWER, *with_unit)
    page.write_bytes(PDF)
    assert "image/png" in refused("document", "keep", str(page), "--party", GROWER, "--kind", "photo")
    assert "quantity" in refused(
        "document", "keep", str(raw), "--party", GROWER, "--kind", "series", "--quantity", "Mood"
    )
    assert "kind" in refused("document", "keep", str(report), "--party", GROWER, "--kind", "poem")
