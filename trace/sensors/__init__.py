"""Sensors 传感: raw series kept by hash, summed up by us, and judged by the rules of storage."""
