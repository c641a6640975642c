"""What a case declares for its tests, and what is made of it once for all of them.

`tests/cases/<case>.py` says in a hundred lines what has to be true of a model; the suite beside it
(`tests/cases/test_*.py`) finds the file by its name and holds the model against it. `DECLARED` is
what it has to contain; any other test of the case can stand below, as an ordinary function. What a
command computed once is kept beside it in `<case>.json`, the parts "reference" and "calibration".
"""

import importlib
import inspect
import json
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import pymc as pm
import xarray as xr

from tests.conftest import SEED
from tests.test_layers import CASES
from workflow.sampling.fit import CompiledPyMCModel, compile_nuts, data_of, sample_nuts

FOLDER = Path(__file__).parent / "cases"
#: The cases that the suite can hold against their files; of the others test_complete.py tells.
TESTED = [case for case in CASES if (FOLDER / f"{case}.py").is_file()]
DRAWS = 2000  # a chain; a case whose posterior needs more has a `DRAWS` of its own
DECLARED = {
    "shipped": "shipped(**knobs) -> pm.Model: the model of the shipped data, as the analysis fits "
    "it; the knobs are those of the model's function",
    "small": "small(**knobs) -> pm.Model: the same of so little data that an error of the prior "
    "shows",
    "PRIORS": "PRIORS: other values of the knobs (a list of dictionaries), each knob moved at "
    "least once",
    "log_density": "log_density(<parameters>, *, <knobs>) -> float: of shipped(**knobs), by hand "
    "(scipy), on the scale the parameters are written on; the suite adds the Jacobians",
    "reference": "reference(*, <knobs>) -> {quantity: (mean, sd, mcse_mean, mcse_sd)}: every "
    "quantity of the posterior without PyMC, exact (errors 0) or from `weighted`; its docstring "
    "is the method",
    "wide_prior": "wide_prior() -> Mutant: the small model with a prior too wide",
    "wrong_likelihood": "wrong_likelihood() -> Mutant: the small model with a wrong likelihood",
    "dropped_jacobian": "dropped_jacobian() -> Mutant: the small model without a Jacobian",
}
#: Parts of the frozen numbers, and the commands that make them.
FROZEN = {
    "reference": "python -m tests.reference {}",
    "calibration": "python -m tests.calibration.freeze {}",
}


def missing(case: str, folder: Path = FOLDER) -> list[str]:
    """Say what is to be written, or to be computed, before the suite can test a case."""
    path = folder / f"{case}.py"
    if path.with_suffix(".draft").is_file():
        return [f"run casebook test {case} --write: it is a draft"]
    if not path.is_file():
        return [f"write tests/cases/{case}.py, with", *DECLARED.values()]
    module = importlib.import_module(f"tests.cases.{case}")
    wanted = [f"add {told}" for name, told in DECLARED.items() if not hasattr(module, name)]
    made = frozen(case, folder)
    return wanted + [
        f"run {told.format(case)}" for part, told in FROZEN.items() if part not in made
    ]


def model_of(case: str) -> Callable[..., pm.Model]:
    """Return the function of models/<case>.py that makes the model, whatever its name is."""
    module = importlib.import_module(f"models.{case}")
    return next(
        one
        for one in vars(module).values()
        if inspect.isfunction(one)
        and one.__module__ == module.__name__
        and one.__annotations__.get("return") is pm.Model
    )


def declared(case: str) -> ModuleType:
    """Return what a case declares."""
    return importlib.import_module(f"tests.cases.{case}")


def frozen(case: str, folder: Path = FOLDER) -> dict[str, Any]:
    """Return the frozen numbers of a case by part; none where there are none yet."""
    path = folder / f"{case}.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}


def freeze(case: str, part: str, found: Mapping[str, Any], folder: Path = FOLDER) -> None:
    """Write one part of the frozen numbers of a case, and leave the other as it is."""
    whole = frozen(case, folder) | {part: found}
    text = json.dumps(
        {name: whole[name] for name in FROZEN if name in whole}, indent=1, ensure_ascii=False
    )
    (folder / f"{case}.json").write_text(text + "\n", encoding="utf-8")


@cache
def compiled(case: str) -> CompiledPyMCModel:
    """Return the model of the shipped data, compiled once for all tests."""
    return compile_nuts(declared(case).shipped())


def fitted(case: str, **knobs: float) -> xr.DataTree:
    """Return draws of the shipped posterior by the path of every analysis; made once a prior."""
    return _fitted(case, tuple(sorted(knobs.items())))


@cache
def _fitted(case: str, knobs: tuple[tuple[str, float], ...]) -> xr.DataTree:
    module = declared(case)
    data, draws = data_of(module.shipped(**dict(knobs))), getattr(module, "DRAWS", DRAWS)
    return sample_nuts(compiled(case), data, draws=draws, tune=1000, chains=4, seed=SEED)
