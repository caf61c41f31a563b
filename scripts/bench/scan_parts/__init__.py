"""The parts of `scripts/bench/scan.py`: each measures one thing and returns rows."""
