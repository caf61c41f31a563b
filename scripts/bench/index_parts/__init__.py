"""The parts of `scripts/bench/index.py`: each measures one thing of the price index and returns rows."""
