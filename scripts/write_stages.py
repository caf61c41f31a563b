"""Write docs/stages.md from the profiles of the stages."""

from pathlib import Path

import api  # noqa: F401  binds our `trace` before the standard library's
from trace.stage_page import stages_markdown

PAGE = Path(__file__).resolve().parents[1] / "docs" / "stages.md"


def main() -> None:
    """Write the page anew."""
    PAGE.write_text(stages_markdown(), encoding="utf-8")


if __name__ == "__main__":
    main()
