"""The program `daodi`; `python -m api` is the same."""

import sys

from api.cli.app import run


def main() -> int:
    """Run the command the arguments name and return its exit code: 0 done, 1 refused, 2 misused."""
    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
