"""The scan page's figures in one table, each beside its target and a bare Starlette route of the same run.

Run it as `python scripts/bench/scan.py [--quick] [--only PART ...]`.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import scan_parts
from figures.table import run

if __name__ == "__main__":
    sys.exit(run(scan_parts, (__doc__ or "").partition("\n")[0]))
