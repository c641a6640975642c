"""The network Asia: without blanks each row of each table is a Beta, so that all is exact; with
blanks a Gibbs sampler that draws them is the oracle. Chances are summed here by nested loops.

Small has 20 patients, of whom 8 have blanks, and a prior that weighs 4: Jeffreys's cannot have
twice its sd.
"""

from collections.abc import Sequence
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pymc as pm
import pytest
import xarray as xr
from scipy import stats
from scipy.special import gammaln

from data.diagnosis import NAMES, PATH, load, patterns
from models.diagnosis import DISEASES, PARENTS, pseudo_counts, states, tables
from tests.calibration.mutants import Mutant, doubled, replaced, with_twice_the_sd, without_jacobian
from tests.conftest import SEED
from tests.contract import fitted, model_of
from tests.importance import Sample, moments
from workflow.checking.diagnostics import Status, diagnose
from workflow.networks.agreement import agreement, worst
from workflow.networks.asked import Asked, Costs
from workflow.networks.exact import exact, prob
from workflow.networks.network import Network
from workflow.quantities import summarise
from workflow.sampling.fit import compile_nuts, data_of, sample_nuts

asia = model_of("diagnosis")
PATIENTS, NETWORK = load(), Network.of(states(), tables())
SEEN = {"dyspnoea": 1, "visit": 1}
WEAK = 2.0
CSV = Path(__file__).parents[2] / "data/diagnosis.csv"
ILL = ("tuberculosis", "cancer", "bronchitis")
PRIORS = [{"alpha": 2.0, "beta": 9.0}]
#: The tables of Lauritzen and Spiegelhalter (1988), in the model's order.
TRUTH = {
    "visit": 0.01,
    "smoking": 0.5,
    "tuberculosis | visit=0": 0.01,
    "tuberculosis | visit=1": 0.05,
    "cancer | smoking=0": 0.01,
    "cancer | smoking=1": 0.1,
    "bronchitis | smoking=0": 0.3,
    "bronchitis | smoking=1": 0.6,
    "xray | either=0": 0.05,
    "xray | either=1": 0.98,
    "dyspnoea | either=0, bronchitis=0": 0.1,
    "dyspnoea | either=0, bronchitis=1": 0.8,
    "dyspnoea | either=1, bronchitis=0": 0.7,
    "dyspnoea | either=1, bronchitis=1": 0.9,
}
ROWS = list(TRUTH)
#: What was seen, and P(tuberculosis), P(cancer), P(bronchitis), P(X-ray), P(dyspnoea) then.
PRINTED: list[tuple[dict[str, int], tuple[float, ...]]] = [
    ({}, (0.0104, 0.055, 0.45, 0.11029, 0.43597)),
    ({"visit": 1, "dyspnoea": 1}, (0.08775, 0.09953, 0.81140, 0.21954)),
    ({"dyspnoea": 1}, (0.01885, 0.10276, 0.83397)),
    ({"visit": 1, "dyspnoea": 1, "xray": 1}, (0.39171, 0.44427, 0.62882)),
]


def shipped(**knobs: float) -> pm.Model:
    return asia(PATIENTS, SEEN, **knobs)


def small(**knobs: float) -> pm.Model:
    """Of eight patients the diseases that go with visit and smoking are not known."""
    rows = pd.DataFrame(0.0, range(20), list(NAMES))
    rows.loc[:7, ["tuberculosis", "cancer"]] = np.nan
    return asia(patterns(rows), SEEN, **{"alpha": WEAK, "beta": WEAK} | knobs)


def factors(findings: Sequence[Any], p: np.ndarray) -> list[Any]:
    """The seven probabilities of findings that are there or not, by hand; p[..., row]."""
    v, s, t, c, b, x, d = findings
    e = np.maximum(t, c)

    def of(yes: Any, first: int, *given: Any) -> Any:
        at = first + sum(g * 2**i for i, g in enumerate(reversed(given)))
        return np.where(yes == 1, p[..., at], 1 - p[..., at])

    four = of(x, 8, e), of(d, 10, e, b)
    return [of(v, 0), of(s, 1), of(t, 2, v), of(c, 4, s), of(b, 6, s), *four]


def log_density(table: Any, *, alpha: float = 0.5, beta: float = 0.5) -> Any:
    """Rows of the file, and how many ways there are to order those that are equal."""
    rows = pd.read_csv(CSV)
    by_row = np.log(factors([rows[name].to_numpy() for name in rows], np.asarray(table)))
    equal = rows.value_counts().to_numpy()
    ways = gammaln(len(rows) + 1) - gammaln(equal + 1).sum()
    return by_row.sum() + ways + stats.beta(alpha, beta).logpdf(table).sum()


def chances(p: np.ndarray) -> dict[str, np.ndarray]:
    """P(disease | dyspnoea, visit) for tables p[..., row]: by loops over what was not seen."""
    total, ill = np.zeros(p.shape[:-1]), {name: np.zeros(p.shape[:-1]) for name in ILL}
    for s, t, c, b, x in product((0, 1), repeat=5):
        here = np.prod(factors((1, s, t, c, b, x, 1), p), axis=0)
        total += here
        for name, yes in zip(ILL, (t, c, b), strict=True):
            ill[name] += yes * here
    return {name: one / total for name, one in ill.items()}


def counts(rows: pd.DataFrame) -> np.ndarray:
    """Patients with and without the finding in each row of the tables; no blanks."""
    known = rows.assign(either=rows[["tuberculosis", "cancer"]].max(axis=1))
    found = []
    for row in ROWS:
        child, _, given = row.partition(" | ")
        there = known
        for part in filter(None, given.split(", ")):
            name, value = part.split("=")
            there = there[there[name] == int(value)]
        found.append(((there[child] == 1).sum(), (there[child] == 0).sum()))
    return np.array(found)


def reference(**knobs: float) -> dict[str, tuple[float, ...]]:
    """Exact for the tables: each row is Beta(alpha + yes, beta + no), independently. Chances of
    diseases by 400,000 independent draws of these rows.
    """
    rows = posterior(**knobs)
    found: dict[str, tuple[float, ...]] = {
        f"table[{row}]": (mean, sd, 0, 0)
        for row, mean, sd in zip(ROWS, rows.mean(), rows.std(), strict=True)
    }
    drawn, quantities = weighted(**knobs)
    return found | {name: moments(drawn, values) for name, values in quantities.items()}


def posterior(*, alpha: float = 0.5, beta: float = 0.5) -> Any:
    """The exact posterior of all rows of the tables."""
    yes, no = counts(pd.read_csv(CSV)).T
    return stats.beta(alpha + yes, beta + no)


@cache
def weighted(**knobs: float) -> tuple[Sample, dict[str, np.ndarray]]:
    """Return independent draws of the tables, all of one weight, and the chances by them."""
    rows, seeds = posterior(**knobs), (1, 2, 3, 4, 5)
    shape = (80_000, len(ROWS))
    table = np.concatenate([rows.rvs(shape, random_state=seed) for seed in seeds])
    n = len(table)
    drawn = Sample(table, np.full(n, 1 / n), np.repeat(seeds, n // len(seeds)))
    return drawn, {f"chance[{name}]": x for name, x in chances(table).items()}


def wide_prior() -> Mutant:
    alpha, beta = with_twice_the_sd(WEAK, WEAK)
    told = f"prior of the tables Beta({alpha:g}, {beta:g}), with twice the sd of Beta(2, 2)"
    return replaced(told, alpha=alpha, beta=beta)


def wrong_likelihood() -> Mutant:
    return doubled("n", "patients_data")


def dropped_jacobian() -> Mutant:
    return Mutant("no Jacobian of the logit of the tables", without_jacobian(small(), "table"))


def test_the_model_has_the_findings_of_the_file_and_the_rows_of_the_book() -> None:
    assert tuple(PARENTS) == NAMES == NETWORK.names
    assert DISEASES == ILL
    assert CSV == PATH
    assert list(NETWORK.rows) == ROWS == list(shipped().coords["row"])


@pytest.mark.parametrize(("seen", "printed"), PRINTED, ids=str)
def test_the_printed_probabilities(seen: dict[str, int], printed: tuple[float, ...]) -> None:
    """By the case's own inference, at the tables of the book: to the printed digits."""
    table = np.array(list(TRUTH.values()))
    asked = ("tuberculosis", "cancer", "bronchitis", "xray", "dyspnoea")
    for name, expected in zip(asked, printed, strict=False):
        assert prob(NETWORK, table, seen, name) == pytest.approx(expected, abs=5.01e-6), name


def test_inference_is_that_by_nested_loops() -> None:
    """For random tables, all of them at once: the case's inference, and the graph of the model."""
    table = np.random.default_rng(SEED).uniform(0.02, 0.98, (20, len(ROWS)))
    model = shipped()
    by_graph = model.compile_fn(model["chance"], inputs=[model["table"]], mode="FAST_COMPILE")
    for i, name in enumerate(DISEASES):
        expected = chances(table)[name]
        found = [prob(NETWORK, one, SEEN, name) for one in table]
        assert found == pytest.approx(expected, rel=1e-12)
        assert [by_graph({"table": one})[i] for one in table] == pytest.approx(expected, rel=1e-9)


def test_integrated_out_is_at_the_posterior_means() -> None:
    """P(disease | seen, data) in closed form: `measure` says the same of
    50,000 draws, within four of its own errors."""
    known = exact(NETWORK, PATIENTS, alpha=0.5, beta=0.5)
    assert known is not None
    rng = np.random.default_rng(SEED)
    table = known.rows.rvs((4, 12_500, len(ROWS)), random_state=rng)
    asked = Asked(NETWORK, SEEN, "tuberculosis", DISEASES, Costs(10, 1, {"xray": 0.1}))
    drawn = xr.DataArray(table, dims=("chain", "draw", "row"))
    found = asked.measure(drawn.to_dataset(name="table"))
    for name in DISEASES:
        one = found[f"prob[{name}]"]
        assert one.value == pytest.approx(known.prob(SEEN, name), abs=4 * one.mcse), name
        assert one.mcse < 0.001
    for option, cost in asked.expected_costs(NETWORK.probabilities(known.means)).items():
        one = found[f"expected_cost[{option}]"]
        assert one.value == pytest.approx(cost, abs=4 * one.mcse), option


def test_the_rows_are_counted() -> None:
    known = exact(NETWORK, PATIENTS, alpha=0.5, beta=0.5)
    assert known is not None
    assert np.column_stack([known.yes, known.no]).tolist() == counts(pd.read_csv(PATH)).tolist()


def blanked() -> pd.DataFrame:
    """Of 300 simulated patients a third of all cells is blank, diseases too, in five kinds."""
    rng, rows = np.random.default_rng(SEED), pd.read_csv(PATH).head(300).astype(float)
    kinds = rng.random((5, rows.shape[1])) < 1 / 3
    return rows.mask(kinds[rng.integers(5, size=len(rows))])


def gibbs(patients: pd.DataFrame, draws: int, alpha: float, beta: float) -> np.ndarray:
    """Draw blanks given tables, and tables given all states; dims: chain, draw, row."""
    rng, there = np.random.default_rng(SEED), patients[patients["patients"] > 0]
    every = pd.DataFrame(list(product((0, 1), repeat=7)), columns=list(NAMES))
    wanted = there[list(NAMES)].to_numpy()[:, None, :]
    fits = (np.isnan(wanted) | (wanted == every.to_numpy())).all(axis=2)
    columns = [every[name].to_numpy() for name in NAMES]
    yes, no = (np.array([_in(every, row, value) for row in ROWS]) for value in (1, 0))
    found = np.empty((4, draws, len(ROWS)))
    for chain in range(4):
        table = rng.uniform(0.1, 0.9, len(ROWS))
        for i in range(-200, draws):
            weight = fits * np.prod(factors(columns, table), axis=0)
            state = rng.multinomial(there["patients"], weight / weight.sum(1, keepdims=True)).sum(0)
            table = rng.beta(alpha + yes @ state, beta + no @ state)
            if i >= 0:
                found[chain, i] = table
    return found


def _in(every: pd.DataFrame, row: str, value: int) -> np.ndarray:
    """Say which states are in a row of the tables, with the finding (1) or without (0)."""
    child, _, given = row.partition(" | ")
    known = every.assign(either=every[["tuberculosis", "cancer"]].max(axis=1))
    parts = [part.split("=") for part in given.split(", ") if part]
    here = [known[name] == int(v) for name, v in [*parts, (child, value)]]
    return np.all(here, axis=0).astype(int)


def test_blanks_are_summed_over() -> None:
    """A third of all cells blank: NUTS against Gibbs, means and sds within four of their errors."""
    patients = patterns(blanked())
    assert exact(NETWORK, patients, alpha=2, beta=2) is None
    model = asia(patients, {"dyspnoea": 1, "visit": 1}, alpha=2.0, beta=2.0)
    options = {"draws": 1000, "tune": 500, "chains": 4, "seed": SEED}
    tree = sample_nuts(compile_nuts(model), data_of(model), **options)
    assert diagnose(tree).status is Status.PASS
    found = summarise(tree["posterior"].to_dataset())
    table = gibbs(patients, 1500, 2, 2)
    dims = ("chain", "draw", "row")
    drawn = xr.Dataset({"table": (dims, table)}, coords={"row": ROWS})
    chance = np.stack(list(chances(table).values()), axis=-1)
    drawn["chance"] = xr.DataArray(
        chance, dims=("chain", "draw", "disease"), coords={"disease": list(DISEASES)}
    )
    for name, other in summarise(drawn).items():
        q = found[name]
        error = np.hypot(q.mcse_mean or 0, other.mcse_mean or 0)
        assert q.mean == pytest.approx(other.mean, abs=4 * error), name
        assert q.sd == pytest.approx(other.sd, rel=4 * (q.ess_bulk**-0.5 + other.ess_bulk**-0.5))


def test_blanks_that_nothing_depends_on_leave_it_exact() -> None:
    """Of some X-ray and dyspnoea are blank: a row counts those of whom it is known."""
    rows = pd.read_csv(PATH).head(400).astype(float)
    rows.loc[:99, "xray"] = np.nan
    rows.loc[50:199, "dyspnoea"] = np.nan
    known = exact(NETWORK, patterns(rows), alpha=0.5, beta=0.5)
    assert known is not None
    both = np.column_stack([known.yes, known.no])
    assert both[8:10].tolist() == counts(rows.loc[100:])[8:10].tolist()
    assert both[:8].tolist() == counts(rows)[:8].tolist()
    rows.loc[0, "visit"] = np.nan
    assert exact(NETWORK, patterns(rows), alpha=0.5, beta=0.5) is None


def test_a_wrong_posterior_is_seen() -> None:
    """NUTS of the shipped patients, held against the exact posterior of three quarters of them."""
    found = summarise(fitted("diagnosis")["posterior"].to_dataset())
    known = exact(NETWORK, PATIENTS, alpha=0.5, beta=0.5)
    assert worst(agreement(found, known, SEEN, {}, seed=SEED)) < 4
    fewer = exact(NETWORK, patterns(pd.read_csv(PATH).head(3750)), alpha=0.5, beta=0.5)
    assert worst(agreement(found, fewer, SEEN, {}, seed=SEED)) > 10


def test_pseudo_counts() -> None:
    assert pseudo_counts(0.2, 5) == pytest.approx({"alpha": 1.0, "beta": 4.0})
