"""Simulation-based calibration: does the fit give back what the model put in?

Parameters are drawn from the prior, data from the model, and the posterior from the fit: over many
replicates the rank of the true value among independent posterior draws is uniform. Sources: Talts
et al. (2018), Validating Bayesian inference algorithms with simulation-based calibration; Modrák et
al. (2023), Simulation-based calibration checking for Bayesian computation: the choice of test
quantities shapes sensitivity (whence the joint log-likelihood).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import pymc as pm
import pytensor.tensor as pt
import xarray as xr
from nutpie.compile_pymc import CompiledPyMCModel
from pytensor.graph.basic import Variable
from pytensor.graph.replace import graph_replace, vectorize_graph

from workflow.checking.diagnostics import Status
from workflow.quantities import TAILS, flatten
from workflow.sampling.fit import RETRIES, data_of, sample_nuts, tries

RANKED = 100  # posterior draws that a true value is ranked among
CHAINS, DRAWS, TUNE = 4, 250, 250
LOG_LIKELIHOOD = "log_likelihood"
MODE = "FAST_COMPILE"  # what runs a few hundred times is done before machine code would be made

Data = dict[str, np.ndarray]


@dataclass(frozen=True)
class Simulated:
    """What the model made up: true values (dims replicate, ...) and the data that go with them."""

    truth: xr.Dataset
    outcomes: Data  # name of a pm.Data: values, replicate first

    def __getitem__(self, replicate: int) -> tuple[xr.Dataset, Data]:
        """Return the true values and the data of one replicate."""
        data = {name: values[replicate] for name, values in self.outcomes.items()}
        return self.truth.isel(replicate=replicate), data


@dataclass(frozen=True)
class Replicate:
    """One replicate: where the true values are among the draws, and how good the draws were."""

    ranks: dict[str, int]  # quantity: number of draws below the true value, 0 to RANKED
    status: Status
    divergences: int
    least_ess: float
    tries: int


def simulate(model: pm.Model, replicates: int, *, seed: int) -> Simulated:
    """Draw parameters from the prior of `model`, and data given them, `replicates` times.

    The scales that a model took from its data stay what they are: they are `pm.Data`. An observed
    variable `x` is taken to be fed by the `pm.Data` called `x_data`. The first replicates are the
    same, however many there are.
    """
    about = {"model": model, "random_seed": seed, "compile_kwargs": {"mode": MODE}}
    tree = pm.sample_prior_predictive(replicates, **about)
    drawn, data = tree["prior"].to_dataset(), tree["prior_predictive"].to_dataset()
    truth = drawn.isel(chain=0, drop=True).rename(draw="replicate")
    fed = {f"{name}_data": data[name].isel(chain=0).to_numpy() for name in data}
    outcomes = {name: values.astype(model[name].dtype) for name, values in fed.items()}
    return Simulated(truth, outcomes)


class Calibration:
    """A compiled model, ready to be fitted to one simulated data set after another.

    Parameters
    ----------
    model
        The model that the data are simulated from.
    fitted
        What `compile_nuts` made of the model that is fitted: the same one, unless it is to be shown
        that a wrong one is found out.
    change
        What is done to the `pm.Data` (hyper-parameters, sizes, outcomes) before the fit.
    retries
        How often a fit is tried again that is not good enough (see `sample_nuts`).
    """

    def __init__(
        self,
        model: pm.Model,
        fitted: CompiledPyMCModel,
        *,
        change: Callable[[Data], Data] = lambda data: data,
        retries: int = RETRIES,
    ) -> None:
        self.settings = {"draws": DRAWS, "tune": TUNE, "chains": CHAINS, "retries": retries}
        self.fixed, self.fitted, self.change = data_of(model), fitted, change
        self.log_likelihood = joint_log_likelihood(model)

    def replicate(self, truth: xr.Dataset, outcomes: Data, *, seed: int) -> Replicate:
        """Fit one simulated data set by the path of every analysis, and rank its true values.

        Also a fit that fails its diagnosis has ranks: to drop it would be to choose.
        """
        data = self.change(self.fixed | outcomes)
        tree = sample_nuts(self.fitted, data, seed=seed, **self.settings)
        *before, last = tries(tree)
        kept = thinned(tree["posterior"].to_dataset())
        kept[LOG_LIKELIHOOD] = ("draw", self.log_likelihood(kept, outcomes))
        here = truth.expand_dims("draw").assign(
            {LOG_LIKELIHOOD: ("draw", self.log_likelihood(truth.expand_dims("draw"), outcomes))}
        )
        ranks = rank(here, kept, seed=seed)
        return Replicate(
            ranks, Status(last.status), last.divergences, last.least_ess, len(before) + 1
        )


def thinned(posterior: xr.Dataset, keep: int = RANKED) -> xr.Dataset:
    """Return `keep` draws of all chains together, evenly spaced, along one dim `draw`."""
    chains, draws = posterior.sizes["chain"], posterior.sizes["draw"]
    at = np.linspace(0, draws - 1, keep // chains).round().astype(int)
    stacked = posterior.isel(draw=at).stack(sample=("chain", "draw"), create_index=False)
    return stacked.drop_vars(["chain", "draw"], errors="ignore").rename(sample="draw")


def rank(truth: xr.Dataset, draws: xr.Dataset, *, seed: int) -> dict[str, int]:
    """Return how many draws are below the true value of each scalar; ties are broken at random.

    Both have the dim `draw`, `truth` with one element. What is not a number can be neither below
    nor above, and counts as a tie: the diagnosis is what fails such draws.
    """
    rng = np.random.default_rng(seed)
    true = dict(flatten(truth))
    found = {}
    for name, values in flatten(draws):
        less, more = (values < true[name]).sum(), (values > true[name]).sum()
        found[name] = int(less + rng.integers(0, values.size - less - more + 1))
    return found


def covered(truth: xr.Dataset, draws: xr.Dataset) -> dict[str, bool]:
    """Say of each scalar whether its 95% equal-tailed interval has the true value inside.

    `draws` has the dims chain and draw, `truth` none.
    """
    true = dict(flatten(truth))
    found = {}
    for name, values in flatten(draws):
        lower, upper = np.quantile(values, TAILS)
        found[name] = bool(lower <= true[name] <= upper)
    return found


def joint_log_likelihood(model: pm.Model) -> Callable[[xr.Dataset, Mapping], np.ndarray]:
    """Compile the log-likelihood of all data together, given parameters with the dim `draw`.

    Returns a function of the parameters and of the outcomes (`pm.Data` by name).
    """
    inputs = {rv: pt.tensor(rv.name, dtype=rv.dtype, shape=rv.type.shape) for rv in model.free_RVs}
    terms = [pm.logp(rv, model.rvs_to_values[rv]).sum() for rv in model.observed_RVs]
    single = graph_replace(sum(terms), inputs, strict=False)
    batched: dict[Variable, Variable] = {
        one: pt.tensor(dtype=one.dtype, shape=(None, *one.type.shape)) for one in inputs.values()
    }
    about = {"mode": MODE, "on_unused_input": "ignore"}  # such as tell only other parameters
    function = pm.compile([*batched.values()], vectorize_graph(single, batched), **about)
    names = [(rv.name, model.named_vars_to_dims.get(rv.name, ())) for rv in inputs]

    def evaluate(parameters: xr.Dataset, outcomes: Mapping) -> np.ndarray:
        for name, values in outcomes.items():
            model[name].set_value(values)
        return function(*(parameters[n].transpose("draw", *dims).to_numpy() for n, dims in names))

    return evaluate
