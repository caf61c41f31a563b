"""The parts of `scripts/bench/trace.py`: each measures one thing and returns rows."""
