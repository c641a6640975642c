"""Gaps of predictors as unknowns: the density by hand, and a Gibbs sampler that knows no PyMC."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pymc as pm
import pytest
from scipy import stats
from scipy.special import expit, logit

from models._imputed import with_gaps
from models.linear_regression import gaussian
from models.proportion_regression import beta_shares
from tests.conftest import SEED
from tests.regression import axes_by_hand
from workflow.quantities import named, summarise
from workflow.regression.shares import most_likely
from workflow.sampling.compiling import compile_nuts
from workflow.sampling.fit import data_of, sample_nuts

RATS = Path(__file__).parents[1] / "own_data/rats.csv"
ROWS, SCANS, WARM = 60, 12_000, 500

type Law = Callable[[np.ndarray, pd.Series, dict[str, Any]], float]


def made(*, both: bool = False) -> tuple[pd.DataFrame, pd.Series]:
    """Return 60 rows of three terms; of a third x is missing, of `both` a quarter of w, too."""
    rng = np.random.default_rng(SEED)
    v, w = rng.normal(size=(2, ROWS))
    x = 0.6 * w + 0.8 * rng.normal(size=ROWS)
    y = 20 + 3 * x - 2 * w + v + 2 * rng.normal(size=ROWS)
    terms = pd.DataFrame({"v": v, "x": 10 + 3 * x, "w": w}, index=range(2, ROWS + 2))
    terms.loc[terms.index[rng.random(ROWS) < 1 / 3], "x"] = np.nan
    if both:
        terms.loc[terms.index[rng.random(ROWS) < 1 / 4], "w"] = np.nan
    return terms, pd.Series(y, terms.index, name="y")


def standard(terms: pd.DataFrame) -> np.ndarray:
    found: np.ndarray = ((terms - terms.mean()) / terms.std()).to_numpy(copy=True)
    return found


def of_gaussian(line: np.ndarray, y: pd.Series, at: dict[str, Any]) -> float:
    return float(stats.norm(y.mean() + y.std() * line, y.std() * at["tau"]).logpdf(y).sum())


def of_shares(line: np.ndarray, y: pd.Series, at: dict[str, Any]) -> float:
    logits, whole = logit(y), y.mean() * (1 - y.mean()) / y.var() - 1
    mu, precision = expit(logits.mean() + logits.std() * line), whole / at["tau"] ** 2
    return float(stats.beta(mu * precision, (1 - mu) * precision).logpdf(y).sum())


def by_hand(terms: pd.DataFrame, y: pd.Series, at: dict[str, Any], law: Law) -> float:
    """Return the log density: gaps are filled from the term with fewest gaps on, in a loop.

    `law` is that of the outcome, given the linear predictor in its standard unit.
    """
    z, filled = standard(terms), terms.isna().sum()[lambda n: n > 0].sort_values().index
    whole = [name for name in terms if name not in filled]
    columns, basis = list(terms.columns), axes_by_hand(standard(terms[whole]))
    rows, of = np.nonzero(terms[filled].isna().to_numpy())
    unknown = {(row, j): at["gap_z"][i] for i, (row, j) in enumerate(zip(rows, of, strict=True))}
    known: dict[int, float] = {}
    total = 0.0
    for row in range(len(terms)):
        for j, name in enumerate(filled):
            k = columns.index(name)
            mean = at["fill_level"][j] + z[row, [columns.index(one) for one in whole]] @ (
                at["fill_theta"][j] @ basis
            )
            mean += sum(at["fill_pair"][pair(i, j, len(filled))] * known[i] for i in range(j))
            if np.isnan(z[row, k]):
                known[j] = unknown[row, j]
                z[row, k] = mean + at["fill_sd"][j] * known[j]
            else:
                known[j] = (z[row, k] - mean) / at["fill_sd"][j]
                total += stats.norm(mean, at["fill_sd"][j]).logpdf(z[row, k])
    line = at["level"] + z @ (at["theta"] @ axes_by_hand(np.nan_to_num(standard(terms))))
    total += law(line, y, at)
    normal = ("gap_z", "fill_level", "fill_theta", "fill_pair", "level", "theta")
    total += sum(stats.norm.logpdf(at[name]).sum() for name in normal if name in at)
    positive = (stats.gamma(2, scale=0.5).logpdf(at[name]).sum() for name in ("fill_sd", "tau"))
    return float(total + sum(positive))


def pair(i: int, j: int, n: int) -> int:
    """Return the place of a pair among all, row by row."""
    return [(a, b) for a in range(n) for b in range(a + 1, n)].index((i, j))


@pytest.mark.parametrize("both", [False, True])
@pytest.mark.parametrize(("build", "law"), [(gaussian, of_gaussian), (beta_shares, of_shares)])
def test_the_density_is_that_by_hand(build: Callable[..., pm.Model], law: Law, both: bool) -> None:
    terms, y = made(both=both)
    if law is of_shares:
        y = expit((y - y.mean()) / y.std())
    model = build(terms, y)
    logp, rng = model.compile_logp(jacobian=False), np.random.default_rng(SEED)
    start = model.initial_point()
    for _ in range(5):
        at = {name: 0.7 * rng.normal(size=np.shape(value)) for name, value in start.items()}
        own = {
            name.removesuffix("_log__"): np.exp(value) if name.endswith("_log__") else value
            for name, value in at.items()
        }
        assert float(logp(at)) == pytest.approx(by_hand(terms, y, own, law), rel=1e-9)


def rats() -> tuple[pd.DataFrame, pd.Series]:
    """Return weights of rats at four ages, of two of which some are taken out, and the last one."""
    table = pd.read_csv(RATS).astype(float)
    rng = np.random.default_rng(SEED)
    table.loc[rng.random(len(table)) < 0.3, "day_15"] = np.nan
    table.loc[rng.random(len(table)) < 0.2, "day_22"] = np.nan
    return table.drop(columns="day_36"), table["day_36"]


def full_information(terms: pd.DataFrame, y: pd.Series, at: dict[str, np.ndarray]) -> float:
    """Return the density of all that was seen: of each row the normal distribution of its values.

    Two terms with gaps and the outcome are jointly normal given the others; what is missing is
    left out of mean and covariance (full-information maximum likelihood), which knows no unknown.
    """
    names = list(terms.isna().sum()[lambda n: n > 0].sort_values().index)
    whole = [name for name in terms if name not in names]
    z, columns = standard(terms), list(terms.columns)
    first, second = (columns.index(name) for name in names)
    given = z[:, [columns.index(name) for name in whole]]
    mean = at["fill_level"] + given @ (at["fill_theta"] @ axes_by_hand(given)).T
    root = np.array([[at["fill_sd"][0], 0], [at["fill_pair"][0], at["fill_sd"][1]]])
    beta = at["theta"] @ axes_by_hand(np.nan_to_num(z))
    both = y.std() * beta[[first, second]]
    covariance = np.zeros((3, 3))
    covariance[:2, :2] = root @ root.T
    covariance[2, :2] = covariance[:2, 2] = covariance[:2, :2] @ both
    covariance[2, 2] = both @ covariance[:2, :2] @ both + (y.std() * at["tau"]) ** 2
    rest = given @ beta[[columns.index(name) for name in whole]]
    line = y.mean() + y.std() * (at["level"] + rest) + mean @ both
    values = np.column_stack([z[:, [first, second]], y])
    total = 0.0
    for row, centre in zip(values, np.column_stack([mean, line]), strict=True):
        seen = ~np.isnan(row)
        law = stats.multivariate_normal(centre[seen], covariance[np.ix_(seen, seen)])
        total += float(law.logpdf(row[seen]))
    names = ["fill_level", "fill_theta", "fill_pair", "level", "theta"]
    total += sum(float(stats.norm.logpdf(at[name]).sum()) for name in names)
    positive = (stats.gamma(2, scale=0.5).logpdf(at[name]).sum() for name in ("fill_sd", "tau"))
    return total + float(sum(positive))


def test_without_the_unknowns_it_is_full_information_likelihood() -> None:
    """The density is quadratic in them, so they are integrated out exactly, at any parameters."""
    terms, y = rats()
    model = gaussian(terms, y)
    logp = model.compile_logp(jacobian=False)
    slope = model.compile_dlogp(vars=[model["gap_z"]], jacobian=False)
    rng, start = np.random.default_rng(SEED), model.initial_point()
    n = start["gap_z"].size
    assert n == int(terms.isna().to_numpy().sum()) > 5
    for _ in range(3):
        at = {name: 0.5 * rng.normal(size=np.shape(value)) for name, value in start.items()}
        first = slope(at | {"gap_z": np.zeros(n)})
        bend = np.array([first - slope(at | {"gap_z": one}) for one in np.eye(n)])
        best = np.linalg.solve(bend, first)
        total = float(logp(at | {"gap_z": best}))
        total += n / 2 * np.log(2 * np.pi) - np.linalg.slogdet(bend)[1] / 2
        own = {
            name.removesuffix("_log__"): np.exp(value) if name.endswith("_log__") else value
            for name, value in at.items()
        }
        assert total == pytest.approx(full_information(terms, y, own), rel=1e-8)


def test_without_gaps_nothing_changes() -> None:
    terms, y = made()
    whole = terms.dropna()
    z = object()
    assert with_gaps(z, whole) is z  # type: ignore[arg-type]
    names = {one.name for one in gaussian(whole, y.loc[whole.index]).free_RVs}
    assert names == {"level", "theta", "tau"}


def gibbs(terms: pd.DataFrame, y: pd.Series) -> dict[str, tuple[float, float, float]]:
    """Return mean, sd and Monte Carlo error of the slopes and of the mean gap, one term's gaps.

    Coefficients are drawn from their normal distributions, both noises by the inverse of their
    distribution functions on a grid, and gaps from theirs: normal times normal.
    """
    rng, z = np.random.default_rng(SEED + 1), standard(terms)
    gap, k = np.isnan(z[:, 1]), 1
    others = np.column_stack([np.ones(ROWS), z[:, [0, 2]] @ axes_by_hand(z[:, [0, 2]]).T])
    basis, target = axes_by_hand(np.nan_to_num(z)), (y.to_numpy() - y.mean()) / y.std()
    z[gap, k], tau, sd, kept = 0.0, 1.0, 1.0, []
    for scan in range(SCANS + WARM):
        fill = coefficients(others, z[:, k], sd, rng)
        sd = noise(z[:, k] - others @ fill, rng)
        found = coefficients(np.column_stack([np.ones(ROWS), z @ basis.T]), target, tau, rng)
        beta = found[1:] @ basis
        tau = noise(target - found[0] - z @ beta, rng)
        rest = target - found[0] - z @ beta + z[:, k] * beta[k]
        weight = 1 / sd**2 + beta[k] ** 2 / tau**2
        mean = ((others @ fill) / sd**2 + rest * beta[k] / tau**2) / weight
        z[gap, k] = (mean + rng.normal(size=ROWS) / np.sqrt(weight))[gap]
        if scan >= WARM:
            kept.append(
                [*(y.std() * beta / terms.std().to_numpy()), tau * y.std(), z[gap, k].mean()]
            )
    draws = np.array(kept)
    draws[:, -1] = terms["x"].mean() + terms["x"].std() * draws[:, -1]
    names = ("slope[v]", "slope[x]", "slope[w]", "sigma", "missing")
    means = draws.reshape(40, -1, len(names)).mean(axis=1)
    error = means.std(axis=0, ddof=1) / np.sqrt(len(means))
    told = zip(draws.mean(axis=0), draws.std(axis=0), error, strict=True)
    return dict(zip(names, told, strict=True))


def coefficients(x: np.ndarray, y: np.ndarray, sd: float, rng: np.random.Generator) -> np.ndarray:
    """Draw coefficients of standard normal prior."""
    root = np.linalg.cholesky(x.T @ x / sd**2 + np.eye(x.shape[1]))
    mean = np.linalg.solve(root, x.T @ y / sd**2)
    found: np.ndarray = np.linalg.solve(root.T, mean + rng.normal(size=x.shape[1]))
    return found


GRID = np.exp(np.linspace(np.log(0.05), np.log(4), 1500))


def noise(left: np.ndarray, rng: np.random.Generator) -> float:
    """Draw the sd of residuals, of prior Gamma(2, 2), by its distribution function on a grid."""
    log = -len(left) * np.log(GRID) - (left @ left) / 2 / GRID**2 + 2 * np.log(GRID) - 2 * GRID
    total = np.cumsum(np.exp(log - log.max()))
    return float(np.interp(rng.random() * total[-1], total, GRID))


def test_the_posterior_is_that_of_a_gibbs_sampler() -> None:
    """Within four combined Monte Carlo errors, means; sds within five in a hundred."""
    terms, y = made()
    model = gaussian(terms, y)
    lengths = {"draws": 2000, "tune": 1000, "chains": 4}
    tree = sample_nuts(compile_nuts(model), data_of(model), seed=SEED, **lengths)
    posterior = tree["posterior"].to_dataset()
    posterior = posterior[["slope", "sigma"]].assign(missing=posterior["missing"].mean("gap"))
    ours = named(summarise(posterior), "slope", "sigma", "missing")
    for name, (mean, sd, error) in gibbs(terms, y).items():
        q = ours[name]
        assert q.mean is not None
        assert q.mcse_mean is not None
        assert abs(q.mean - mean) < 4 * np.hypot(q.mcse_mean, error), name
        assert q.sd == pytest.approx(sd, rel=0.05), name


def shares_with_gaps(seed: int) -> tuple[pd.DataFrame, pd.Series]:
    """Return 250 rows of two terms, x of slope 1 and missing where the share is high."""
    rng, n = np.random.default_rng(seed), 250
    w = rng.normal(size=n)
    x = 0.6 * w + 0.8 * rng.normal(size=n)
    mu = expit(-0.5 + x - 0.5 * w)
    y = pd.Series(rng.beta(3 * mu, 3 * (1 - mu)), name="y")
    holes = rng.random(n) < 0.98 * expit(30 * (y.to_numpy() - 0.5))
    return pd.DataFrame({"x": np.where(holes, np.nan, x), "w": w}), y


SETS = 6


@pytest.mark.validate
def test_slopes_of_shares_are_right_where_complete_rows_are_misled() -> None:
    """Over data sets the mean is within four standard errors; of rows without gaps it is not."""
    z, alone = [], []
    for seed in range(SETS):
        terms, y = shares_with_gaps(seed)
        model = beta_shares(terms, y)
        lengths = {"draws": 500, "tune": 500, "chains": 2}
        tree = sample_nuts(compile_nuts(model), data_of(model), seed=SEED, **lengths)
        slope = tree["posterior"]["slope"].sel(term="x").to_numpy()
        z.append((slope.mean() - 1) / slope.std())
    for seed in range(10 * SETS):
        terms, y = shares_with_gaps(seed)
        whole = terms.dropna()
        alone.append(most_likely(whole, y.loc[whole.index]).slope["x"] - 1)
    assert abs(np.mean(z)) < 4 / np.sqrt(SETS)
    assert np.mean(alone) < -4 * np.std(alone) / np.sqrt(len(alone))
    assert np.mean(alone) < -0.1  # a tenth of the slope, which is one
