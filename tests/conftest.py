"""What several tests need: fits that are made once, and trees with draws of one's own."""

import fcntl
import importlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pymc as pm
import pytest
import xarray as xr

from data.ab_test import load
from models.ab_test import conversion
from tests.seconds import pytest_terminal_summary, pytest_xdist_make_scheduler
from workflow.sampling.fit import CompiledPyMCModel, compile_nuts, fit_nuts

__all__ = ["pytest_terminal_summary", "pytest_xdist_make_scheduler"]  # pytest calls them

SEED = 2026


@pytest.fixture(scope="session")
def compiled() -> CompiledPyMCModel:
    """The A/B model, compiled once for all tests."""
    return compile_nuts(conversion(load()))


@pytest.fixture(scope="session")
def flat(compiled: CompiledPyMCModel) -> xr.DataTree:
    """Cookie Cats under the flat prior, with more than 10,000 effective draws."""
    return fit_nuts(conversion(load(), alpha=1, beta=1), compiled, draws=5000, seed=SEED)


@pytest.fixture(scope="session")
def nuts(compiled: CompiledPyMCModel) -> xr.DataTree:
    """Cookie Cats under the default prior."""
    return fit_nuts(conversion(load()), compiled, seed=SEED)


@pytest.fixture(scope="session")
def funnel() -> tuple[pm.Model, xr.DataTree]:
    """Neal's funnel, centred, and what NUTS made of it: it diverges whatever is tried."""
    with pm.Model(coords={"i": range(9)}) as model:
        log_scale = pm.Normal("log_scale", 0, 3)
        pm.Normal("x", 0, pm.math.exp(log_scale / 2), dims="i")
        pm.Normal("y", 0, 1, observed=pm.Data("y_data", 0.0))
    return model, fit_nuts(model, draws=500, tune=500, seed=SEED)


@pytest.fixture(scope="session")
def shared(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for this run of the tests: the same for all workers of pytest-xdist."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if hasattr(request.config, "workerinput") else base) / "shared"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def once(shared: Path) -> Callable[[str, Callable[[], int]], int]:
    """A function that does something under a name once in this run, and returns its exit code.

    What one worker does, another waits for.
    """

    def do(name: str, make: Callable[[], int]) -> int:
        code = shared / f"{name}.code"
        with (shared / f"{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not code.exists():
                code.write_text(str(make()))
        return int(code.read_text())

    return do


@pytest.fixture(scope="session")
def made(
    shared: Path, once: Callable[[str, Callable[[], int]], int]
) -> Callable[[str], tuple[Path, int]]:
    """A function that runs a case with few draws, once: the folder of its page and the exit code.

    All cases share the folder, and so its index.
    """
    out = shared / "html"

    def make(case: str) -> tuple[Path, int]:
        main = importlib.import_module(f"analyses.{case}").main
        return out, once(case, lambda: main(draws=300, seed=SEED, out=out, quiet=True))

    return make


@pytest.fixture
def tree_of() -> Callable[..., xr.DataTree]:
    """A function that makes a tree from draws (chain, draw) by name, with healthy statistics."""

    def make(**draws: np.ndarray) -> xr.DataTree:
        shape = next(iter(draws.values())).shape
        rng = np.random.default_rng(1)
        stats = {
            "diverging": np.zeros(shape, dtype=bool),
            "maxdepth_reached": np.zeros(shape, dtype=bool),
            "energy": rng.normal(size=shape),
        }
        groups = {"posterior": draws, "sample_stats": stats}
        return xr.DataTree.from_dict(
            {
                group: xr.Dataset({k: (("chain", "draw"), v) for k, v in found.items()})
                for group, found in groups.items()
            }
        )

    return make
