"""Groups of which little is known: where they are others than those of which much is, it shows."""

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from reports.groups.beware import OWN_ERRORS, of_sizes
from tests.conftest import SEED
from workflow.checking.checks import posterior_check
from workflow.groups.observed import Observed
from workflow.groups.population import SHAPED, replicated, sizes

DRAWS = 2000


def p_value(table: pd.DataFrame, mu: float, tau: float) -> float:
    """Return how probable so large a correlation is, of a known population."""
    observed = Observed.of(table)
    over = {
        "posterior": xr.Dataset(
            {k: (("chain", "draw"), np.full((1, DRAWS), v)) for k, v in (("mu", mu), ("tau", tau))}
        ).assign_coords(group=list(observed.names))
    }
    seen = xr.Dataset({"y": ("group", observed.first)}, {"group": list(observed.names)})
    tree = xr.DataTree.from_dict({**over, "observed_data": seen})
    drawn = replicated(tree, observed, "y", seed=SEED)
    (found,) = posterior_check(drawn, "y", sizes(observed))
    return found.p


def studies(rng: np.random.Generator, told: bool) -> pd.DataFrame:
    """40 studies of no effect; where not all are `told`, those that found something are."""
    rows: list[tuple[str, float, float]] = []
    while len(rows) < 40:
        error = rng.uniform(0.1, 0.8)
        effect = rng.normal(0, error)
        if told or effect > 1.64 * error or rng.random() < 0.05:
            rows.append((f"study {len(rows)}", effect, error))
    return pd.DataFrame(rows, columns=["group", "effect", "standard_error"])


def test_small_studies_that_were_not_told_are_found() -> None:
    table = studies(np.random.default_rng(SEED), told=False)
    middle = float(np.average(table["effect"], weights=table["standard_error"] ** -2.0))
    assert p_value(table, middle, 0.1) < 0.01


def test_false_alarms_are_as_many_as_are_meant() -> None:
    """The p-value is uniform where the population is right: 100 files, 5% within four errors."""
    rng = np.random.default_rng(SEED)
    found = [p_value(studies(rng, told=True), 0.0, 0.0) for _ in range(100)]
    assert np.mean(np.array(found) < 0.1) < 0.1 + 4 * np.sqrt(0.1 * 0.9 / 100)
    assert np.mean(np.array(found) > 0.5) == pytest.approx(0.5, abs=4 * 0.05)


def test_rates_that_rise_with_the_trials_are_found() -> None:
    """Rates of .2 to .6: log-odds that rise with the logarithm of the trials."""
    rng, trials = np.random.default_rng(SEED), np.geomspace(20, 2000, 30).astype(int)
    for rise, low, high in ((True, 0.99, 1), (False, 0.02, 0.98)):
        rate = 0.4 + (0.2 * np.linspace(-1, 1, 30) if rise else rng.uniform(-0.2, 0.2, 30))
        table = pd.DataFrame({"group": [*"abcdefghijklmnopqrstuvwxyzäöüß"]})
        table = table.assign(successes=rng.binomial(trials, rate), trials=trials)
        assert low <= p_value(table, np.log(0.4 / 0.6), 0.5) <= high


def test_nothing_is_said_where_as_much_is_known_of_each_or_groups_are_few() -> None:
    table = studies(np.random.default_rng(SEED), told=True)
    assert sizes(Observed.of(table.assign(standard_error=0.3))) == {}
    assert sizes(Observed.of(table.head(SHAPED - 1))) == {}


def test_errors_computed_from_the_values_go_with_them_and_counts_do_not() -> None:
    """Rates near 0 with the errors of their own: 30 groups of equal rate but for chance.

    The error of a rate of 200 trials is nearly the root of the rate: they correlate by more than
    the model's draws do. As counts the same groups show nothing, and that way is named.
    """
    rng = np.random.default_rng(SEED)
    trials = rng.integers(150, 250, 30)
    successes = np.maximum(rng.binomial(trials, 0.04), 1)
    rate, names = successes / trials, [f"group {i}" for i in range(30)]
    error = np.sqrt(rate * (1 - rate) / trials)
    effects = pd.DataFrame({"group": names, "effect": rate, "standard_error": error})
    middle = float(np.average(rate, weights=error**-2))
    assert middle < successes.sum() / trials.sum()
    assert p_value(effects, middle, 0.001) < 0.005
    counts = pd.DataFrame({"group": names, "successes": successes, "trials": trials})
    overall = successes.sum() / trials.sum()
    assert 0.005 < p_value(counts, float(np.log(overall / (1 - overall))), 0.01) < 0.995
    assert of_sizes(Observed.of(effects))[1].endswith(OWN_ERRORS)
    assert OWN_ERRORS not in of_sizes(Observed.of(counts))[1]
