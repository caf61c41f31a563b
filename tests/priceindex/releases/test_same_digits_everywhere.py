"""The same bundle gives the same values digest whatever the machine's threads and vector units are."""

import importlib
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from tests.priceindex.releases.issuing import computed, fill, say
from tests.priceindex.small_market import SmallMarket, daily

DIGEST = """
import sys
from priceindex import service
from priceindex.releases.series import digest
print(digest(service.verify_bundle(open(sys.argv[1], "rb").read()).all_series()))
"""
ROOT = Path(__file__).resolve().parents[3]
BASELINE = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")


def switched_off() -> str:
    """The processor features numpy chooses its loops by on this machine, all of them."""
    core = importlib.import_module("numpy._core._multiarray_umath")
    features = [name for name in core.__cpu_dispatch__ if core.__cpu_features__.get(name)]
    return " ".join(features)


def digest_of(bundle: Path, **changed: str) -> str:
    environment = {**os.environ, **BASELINE, **changed}
    asked = [sys.executable, "-W", "error", "-c", DIGEST, str(bundle)]
    done = subprocess.run(asked, env=environment, cwd=ROOT, capture_output=True, text=True, check=True)
    return done.stdout.strip()


@pytest.fixture
def bundle(sqlite_market: SmallMarket, tmp_path: Path) -> Path:
    """Four herbs over five months, with gaps, so that logarithms, means and carried prices all enter."""
    fill(sqlite_market)
    for place, herb in enumerate(("川芎", "当归", "甘草")):
        prices = [3000 + 37 * ((7 * day + 11 * place) % 23) for day in range(150)]
        say(sqlite_market, daily(prices, "2025-03-01", herb, grade="选"), 1_767_312_000_000)
    run = computed(sqlite_market, until=daily([1] * 150, "2025-03-01")[-1].day)
    file = tmp_path / "a.bundle.json"
    file.write_bytes(run.bundle)
    return file


def test_threads_and_vector_units_change_no_digit(bundle: Path) -> None:
    alone = digest_of(bundle)
    assert len(alone) == 64
    assert digest_of(bundle, OMP_NUM_THREADS="2", OPENBLAS_NUM_THREADS="2") == alone
    features = switched_off()
    assert features, f"numpy {np.__version__} dispatches on nothing here: the test would say nothing"
    assert digest_of(bundle, NPY_DISABLE_CPU_FEATURES=features) == alone
