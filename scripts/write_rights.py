"""Write docs/rights.md from the routes of the service."""

from pathlib import Path

from fastapi import FastAPI

import api  # noqa: F401  binds our `trace` before the standard library's
from api import health, problem_kinds
from api.rights import rights_markdown
from api.routes.all_routes import all_routers

PAGE = Path(__file__).resolve().parents[1] / "docs" / "rights.md"


def main() -> None:
    """Write the page anew."""
    app = FastAPI()
    for router in (health.router, problem_kinds.router, *all_routers()):
        app.include_router(router)
    PAGE.write_text(rights_markdown(app.routes), encoding="utf-8")


if __name__ == "__main__":
    main()
