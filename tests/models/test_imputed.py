"""Gaps of predictors as unknowns: the density by hand, and a Gibbs sampler that knows no PyMC."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pymc as pm
import pytest
from scipy import stats
from scipy.special import expit, logit

from models._imputed import with_gaps
from models.count_regression import negative_binomial, poisson, zero_inflated
from models.linear_regression import gaussian
from models.ordinal_regression import cumulative
from models.proportion_regression import beta_shares
from models.robust_regression import student_t
from tests.conftest import SEED
from tests.regression import axes_by_hand
from workflow.quantities import named, summarise
from workflow.regression.shares import most_likely
from workflow.sampling.compiling import compile_nuts
from workflow.sampling.fit import data_of, sample_nuts
from workflow.sampling.members import less_row

RATS = Path(__file__).parents[1] / "own_data/rats.csv"
ROWS, SCANS, WARM = 60, 12_000, 500
EXPOSURE = pd.Series(np.linspace(0.5, 2, ROWS), range(2, ROWS + 2))
RATINGS = ("poor", "fair", "good", "fine")

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


def of_student(line: np.ndarray, y: pd.Series, at: dict[str, Any]) -> float:
    law = stats.t(2 + at["excess"], y.mean() + y.std() * line, y.std() * at["tau"])
    return float(law.logpdf(y).sum() + stats.expon(scale=18).logpdf(at["excess"]))


def of_poisson(line: np.ndarray, y: pd.Series, at: dict[str, Any]) -> float:
    mu = EXPOSURE * np.exp(np.log(y.sum() / EXPOSURE.sum()) + line)
    return float(stats.poisson(mu).logpmf(y).sum())


def of_counts(line: np.ndarray, y: pd.Series, at: dict[str, Any]) -> float:
    return float(_counted(line, y, at["cv"] ** 2).sum() + stats.halfnorm.logpdf(at["cv"]))


def of_zeros(line: np.ndarray, y: pd.Series, at: dict[str, Any]) -> float:
    zero, prior = expit(at["zeros"]), stats.norm.logpdf(at["zero_theta"]).sum()
    p = zero * (y == 0) + (1 - zero) * np.exp(_counted(line, y, at["cv"] ** 2))
    prior += stats.norm(-2, 1.5).logpdf(at["zero_level"]) + stats.halfnorm.logpdf(at["cv"])
    return float(np.log(p).sum() + prior)


def _counted(line: np.ndarray, y: pd.Series, a: float) -> np.ndarray:
    mu = EXPOSURE * np.exp(np.log(y.sum() / EXPOSURE.sum()) + line)
    return np.asarray(stats.nbinom(1 / a, 1 / (1 + a * mu)).logpmf(y))


def of_ratings(line: np.ndarray, y: pd.Series, at: dict[str, Any]) -> float:
    """The Dirichlet of ones is a constant, the logarithm of (4 - 1)!."""
    cut = logit(np.cumsum(at["share"])[:-1])
    below = expit(cut - np.pi / np.sqrt(3) * line[:, None])
    p = np.diff(np.column_stack([np.zeros(ROWS), below, np.ones(ROWS)]))
    return float(np.log(p[np.arange(ROWS), y]).sum() + np.log(6))


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
    own = axes_by_hand(np.nan_to_num(standard(terms)))
    line = at.get("level", 0) + z @ (at["theta"] @ own)
    if "zero_theta" in at:
        at = at | {"zeros": at["zero_level"] + z @ (at["zero_theta"] @ own)}
    total += law(line, y, at)
    normal = ("gap_z", "fill_level", "fill_theta", "fill_pair", "level", "theta")
    total += sum(stats.norm.logpdf(at[name]).sum() for name in normal if name in at)
    positive = ("fill_sd", "tau")
    total += sum(
        stats.gamma(2, scale=0.5).logpdf(at[name]).sum() for name in positive if name in at
    )
    return float(total)


def pair(i: int, j: int, n: int) -> int:
    """Return the place of a pair among all, row by row."""
    return [(a, b) for a in range(n) for b in range(a + 1, n)].index((i, j))


BUILDS: dict[str, tuple[Callable[..., pm.Model], Law]] = {
    "gaussian": (gaussian, of_gaussian),
    "student": (student_t, of_student),
    "shares": (beta_shares, of_shares),
    "counts": (partial(negative_binomial, exposure=EXPOSURE), of_counts),
    "poisson": (partial(poisson, exposure=EXPOSURE), of_poisson),
    "zeros": (partial(zero_inflated, exposure=EXPOSURE), of_zeros),
    "ratings": (partial(cumulative, ratings=RATINGS), of_ratings),
}


def as_outcome(kind: str, y: pd.Series) -> pd.Series:
    """Return an outcome of this kind, which goes the same way."""
    z = (y - y.mean()) / y.std()
    if kind in ("counts", "poisson", "zeros"):
        return np.floor(3 * np.exp(z)).astype(int)
    if kind == "ratings":
        return pd.Series(pd.qcut(y, len(RATINGS), labels=False), y.index)
    return expit(z) if kind == "shares" else y


@pytest.mark.parametrize("both", [False, True])
@pytest.mark.parametrize("kind", BUILDS)
def test_the_density_is_that_by_hand(kind: str, both: bool) -> None:
    (terms, y), (build, law) = made(both=both), BUILDS[kind]
    y = as_outcome(kind, y)
    model = build(terms, y)
    logp = model.compile_logp(jacobian=False, mode="FAST_COMPILE")
    rng, start = np.random.default_rng(SEED), model.initial_point()
    for _ in range(5):
        at = {name: 0.7 * rng.normal(size=np.shape(value)) for name, value in start.items()}
        assert float(logp(at)) == pytest.approx(by_hand(terms, y, own(at), law), rel=1e-9)


def own(at: dict[str, np.ndarray]) -> dict[str, Any]:
    """Return a point in the variables themselves."""
    found: dict[str, Any] = {}
    for name, value in at.items():
        if name.endswith("_log__"):
            found[name.removesuffix("_log__")] = np.exp(value)
        elif name.endswith("_simplex__"):
            raw = np.append(value, -value.sum())
            found[name.removesuffix("_simplex__")] = np.exp(raw) / np.exp(raw).sum()
        else:
            found[name] = value
    return found


def test_without_a_row_its_gaps_are_free_and_the_others_as_they_were() -> None:
    """A refit's data: the density of a model of the other rows, scaled by all, times Normal(0, 1).

    Row 3 has a gap of x alone, or none; the unknowns of gaps are in the order of rows.
    """
    terms, y = made(both=True)
    model, rng = gaussian(terms, y), np.random.default_rng(SEED)
    logp = model.compile_logp(jacobian=False, mode="FAST_COMPILE")
    data = {one.name: one.get_value() for one in model.data_vars}
    at = {name: 0.7 * rng.normal(size=np.shape(v)) for name, v in model.initial_point().items()}
    of_row = data["gap_row"]
    for gone in (int(of_row[0]), int(np.setdiff1d(np.arange(ROWS), of_row)[0]), ROWS - 1):
        mine, kept = of_row == gone, terms.index.delete(gone)
        rest = gaussian(terms.loc[kept], y.loc[kept])
        with rest:
            same = ("centre", "scale", "axes", "fill_axes", "outcome_mean", "outcome_sd")
            pm.set_data({name: data[name] for name in same})
            x = np.delete(data["terms"], gone, axis=0)
            pm.set_data({"terms": x})
        alone = rest.compile_logp(jacobian=False, mode="FAST_COMPILE")
        with model:
            labels = {"row": list(kept)}
            pm.set_data(less_row(data, ("terms", "y_data"), gone), coords=labels)
            found = float(logp(at))
            pm.set_data({name: data[name] for name in data}, coords={"row": list(terms.index)})
        free = stats.norm.logpdf(at["gap_z"][mine]).sum()
        expected = float(alone(at | {"gap_z": at["gap_z"][~mine]})) + free
        assert found == pytest.approx(expected, rel=1e-9)


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
        assert total == pytest.approx(full_information(terms, y, own(at)), rel=1e-8)


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
