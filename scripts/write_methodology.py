"""Write the made tables of docs/methodology*.md anew."""

from pathlib import Path

import api  # noqa: F401  binds our `trace` before the standard library's
from priceindex.method_pages.markdown import filled
from priceindex.method_pages.pages import PAGES, TABLES

DOCS = Path(__file__).resolve().parents[1] / "docs"


def main() -> None:
    """Write every page anew where a table of it has changed."""
    for name in PAGES:
        page = DOCS / name
        before = page.read_text(encoding="utf-8")
        after = filled(before, TABLES)
        if after != before:
            page.write_text(after, encoding="utf-8")


if __name__ == "__main__":
    main()
