"""Saved fits made by hand: draws of a posterior that is known exactly, and what vouches for them.

    z[i] ~ Normal(mu, noise),  mu ~ Normal(0, sd)

Given the other rows, z[i] is normal too, so its density, and the elpd, is known without draws.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr
from scipy import stats

from reports.publishing.sealed import seal
from reports.publishing.trees import to_netcdf
from workflow.comparing.saved import Saved
from workflow.quantities import summarise

CHAINS, DRAWS = 4, 500
RNG = np.random.default_rng(14)


def exact_elpd(z: np.ndarray, sd: float, noise: float = 1.0) -> np.ndarray:
    """Return log p(z[i] | the other rows) of every row."""
    precision = (len(z) - 1) / noise**2 + 1 / sd**2
    mean = (z.sum() - z) / noise**2 / precision
    found: np.ndarray = stats.norm.logpdf(z, mean, np.sqrt(noise**2 + 1 / precision))
    return found


def normal_tree(z: np.ndarray, sd: float = 10.0, noise: float = 1.0) -> xr.DataTree:
    """Return the fit of the model above, with the groups that a run saves."""
    precision = len(z) / noise**2 + 1 / sd**2
    mu = RNG.normal(z.sum() / noise**2 / precision, precision**-0.5, (CHAINS, DRAWS))
    return tree(stats.norm.logpdf(z, mu[..., None], noise), z, {"mu": mu})


def tree(
    log_lik: np.ndarray,
    outcome: np.ndarray,
    posterior: Mapping[str, np.ndarray],
    lines: np.ndarray | None = None,
) -> xr.DataTree:
    """Return a fit; dims of `log_lik`: chain, draw, row; of the posterior: chain, draw, (term)."""
    rows = np.arange(2, 2 + len(outcome)) if lines is None else lines
    dims = ("chain", "draw")
    variables = {name: ((*dims, "term")[: x.ndim], x) for name, x in posterior.items()}
    energy = RNG.normal(size=log_lik.shape[:2])
    nothing = np.zeros(log_lik.shape[:2], bool)
    sampled = {"diverging": (dims, nothing), "maxdepth_reached": (dims, nothing)}
    groups = {
        "posterior": xr.Dataset(variables),
        "sample_stats": xr.Dataset(sampled | {"energy": (dims, energy)}),
        "log_likelihood": xr.Dataset({"y": ((*dims, "row"), log_lik)}, {"row": rows}),
        "observed_data": xr.Dataset({"y": ("row", outcome)}, {"row": rows}),
        "constant_data": xr.Dataset(),
    }
    return xr.DataTree.from_dict(groups)


def summary(of: xr.DataTree, name: str = "a_case", **said: Any) -> dict[str, Any]:
    """Return a summary as a run writes it, with settings, and what is to be `said` otherwise."""
    found = summarise(of["posterior"].to_dataset())
    settings = {"data": "a.csv", "seed": "1", "sure": "0.975", "formula": "None"}
    provenance = {
        "data": "a.csv",
        "data_sha256": "0" * 64,
        "other_data": {},
        "commit": "1" * 40,
        "seed": 1,
        "versions": {"pymc": "6.4.0"},
        "command": f"python -m analyses.{name}",
        "settings": settings | said.pop("settings", {}),
    }
    return {
        "case": name,
        "title": name,
        "question": "What?",
        "answer": "It is.",
        "status": "PASS",
        "decision": "choose it",
        "warnings": [],
        "quantities": {key: vars(q) for key, q in found.items()},
        "scalars": {},
        "provenance": provenance | said.pop("provenance", {}),
    } | said


def saved(of: xr.DataTree, name: str = "a", **said: Any) -> Saved:
    """Return a fit as it is read."""
    return Saved(name, summary(of, **said), of)


def written(folder: Path, of: xr.DataTree, stem: str, **said: Any) -> Path:
    """Write a fit as a run does, and return the path of its draws."""
    folder.mkdir(exist_ok=True, parents=True)
    files: dict[str, bytes | memoryview] = {f"{stem}.nc": to_netcdf(of)}
    files[f"{stem}.json"] = seal(summary(of, **said), files)
    for file, content in files.items():
        (folder / file).write_bytes(content)
    return folder / f"{stem}.nc"
