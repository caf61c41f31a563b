"""The program `daodi`: one file per subject, every heavy import inside the function that needs it.

`daodi --help` must answer in well under half a second, so nothing here imports numpy, FastAPI, the
database or the packages below at module level (tests/api/test_cli_start.py measures it).
"""
