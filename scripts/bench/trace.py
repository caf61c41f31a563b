"""The trace's figures in one table, each beside its target and a baseline of the same run.

Run it as `python scripts/bench/trace.py [--quick] [--only PART ...]`.
"""

import sys
from pathlib import Path

# This file is named like the package it measures: the repository comes first.
sys.path.insert(0, str(Path(__file__).resolve().parent))
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import trace_parts
from figures.table import run

if __name__ == "__main__":
    sys.exit(run(trace_parts, (__doc__ or "").partition("\n")[0]))
