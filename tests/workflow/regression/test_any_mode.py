"""Many rows of any model at the mode: against quadrature and NUTS, and what must be refused."""

from typing import Any

import numpy as np
import pandas as pd
import pymc as pm
import pytest
import xarray as xr
from scipy import stats

from analyses._many_rows import OTHERS, of_model
from models._counted import kinds_of
from models.count_regression import negative_binomial, poisson
from models.noise_models import huber, laplace
from models.ordinal_regression import cumulative
from models.proportion_regression import beta_shares
from models.robust_regression import student_t
from models.sparse_regression import horseshoe
from tests.conftest import SEED
from workflow.checking.diagnostics import Status
from workflow.checking.sampler_checks import GOOD_K, K_HAT
from workflow.quantities import summarise
from workflow.regression.any_mode import FREEDOM, AnyMode
from workflow.sampling.fit import data_of
from workflow.variational.certified import Mode, metropolis, propose
from workflow.variational.rows import RowsOfModel
from workflow.variational.searched import searched
from workflow.variational.unconstrained import Unconstrained

LENGTHS: dict[str, Any] = {"draws": 1000, "chains": 4, "seed": SEED}

# Mean, its Monte Carlo error and sd of each quantity: nutpie, 4 chains of 1000 + 1000 draws of the
# negative binomial model by row, 20,000 rows of `table`, seed 1.
FROZEN = {
    "level": (-0.036620, 0.000082, 0.006958),
    "cv": (0.708383, 0.000079, 0.007111),
    "beta[a]": (0.301071, 0.000130, 0.011547),
    "beta[b]": (-0.205024, 0.000134, 0.011627),
    "beta[c]": (0.399891, 0.000163, 0.013761),
    "intercept": (0.508299, 0.000124, 0.010162),
}

# The same of 4 chains of 500 + 500 draws of Beta shares, and of Student-t noise (see `others`).
FROZEN_SHARES = {
    "level": (-0.040557, 0.000091, 0.005557),
    "tau": (0.940978, 0.000074, 0.004211),
    "beta[a]": (0.300860, 0.000160, 0.009531),
    "beta[b]": (-0.200227, 0.000162, 0.009441),
    "beta[c]": (0.432137, 0.000193, 0.011249),
    "precision": (5.960216, 0.000937, 0.053357),
    "intercept": (-0.009229, 0.000130, 0.007540),
}
FROZEN_TAILS = {
    "level": (0.001056, 0.000093, 0.005742),
    "tau": (0.691070, 0.000093, 0.005939),
    "beta[a]": (0.213785, 0.000167, 0.009818),
    "beta[b]": (-0.145085, 0.000172, 0.009956),
    "beta[c]": (0.270944, 0.000200, 0.011977),
    "nu": (3.914643, 0.001777, 0.110651),
    "scale": (0.996865, 0.000134, 0.008566),
    "intercept": (0.012585, 0.000205, 0.012255),
}

# And of ratings, and of the noises whose losses are the absolute error and Huber's (see `rated`).
FROZEN_RATINGS = {
    "share[a]": (0.097891, 0.000045, 0.002114),
    "share[b]": (0.234104, 0.000065, 0.003026),
    "share[c]": (0.240872, 0.000065, 0.003060),
    "share[d]": (0.209037, 0.000061, 0.002864),
    "share[e]": (0.218095, 0.000049, 0.002918),
    "beta[a]": (0.317056, 0.000384, 0.020575),
    "beta[b]": (-0.219424, 0.000383, 0.020380),
    "beta[c]": (0.413144, 0.000458, 0.024652),
    "cut[1]": (-2.014478, 0.000516, 0.026247),
    "cut[2]": (-0.492582, 0.000367, 0.018834),
    "cut[3]": (0.500203, 0.000376, 0.018578),
    "cut[4]": (1.483512, 0.000370, 0.021541),
}
FROZEN_LAPLACE = {
    "level": (0.005508, 0.000106, 0.005620),
    "tau": (0.694480, 0.000088, 0.004995),
    "beta[a]": (0.205066, 0.000171, 0.009629),
    "beta[b]": (-0.138750, 0.000179, 0.009519),
    "beta[c]": (0.275798, 0.000201, 0.011371),
    "scale": (1.001784, 0.000127, 0.007205),
    "intercept": (0.015494, 0.000210, 0.011684),
}
FROZEN_HUBER = {
    "level": (0.000419, 0.000105, 0.006057),
    "tau": (0.754696, 0.000077, 0.004707),
    "beta[a]": (0.216716, 0.000174, 0.010383),
    "beta[b]": (-0.148296, 0.000175, 0.010120),
    "beta[c]": (0.268559, 0.000217, 0.012353),
    "scale": (1.088645, 0.000111, 0.006790),
    "intercept": (0.013389, 0.000218, 0.012541),
}


def table(n: int = OTHERS) -> tuple[pd.DataFrame, pd.Series, pd.Series]:
    """Two terms that go together, one of 0 and 1, exposures, and counts that scatter."""
    rng = np.random.default_rng(21)
    z = rng.normal(size=(n, 3))
    z[:, 1] = 0.8 * z[:, 0] + 0.6 * z[:, 1]
    z[:, 2] = z[:, 2] > 0
    over = pd.Series(rng.choice([0.5, 1.0, 2.0], n), name="days")
    mu = over * np.exp(0.5 + z @ [0.3, -0.2, 0.4])
    y = rng.negative_binomial(2, 2 / (2 + mu))
    return pd.DataFrame(z, columns=["a", "b", "c"]), pd.Series(y, name="y"), over


@pytest.fixture(scope="module")
def counts() -> RowsOfModel:
    rows: RowsOfModel = RowsOfModel.of(negative_binomial(*table()))
    return rows


def about(rows: RowsOfModel, n: int = 5) -> np.ndarray:
    rng = np.random.default_rng(4)
    return rows.says.of.start + 0.3 * rng.normal(size=(n, rows.says.size))


def test_density_and_slope_are_those_of_the_model(counts: RowsOfModel) -> None:
    """The prior and the Jacobians included; of another prior, those of a model with it."""
    points = about(counts)
    other = negative_binomial(*table(), r2=0.2, scatter=3.0)
    own = Unconstrained(counts.says.model), Unconstrained(other)
    for target, rows in zip(own, (counts, counts.under(data_of(other))), strict=True):
        found = rows.log_density(points) + rows.log_prior(points)
        for z, value in zip(points, found, strict=True):
            right, slope = target.value_and_slope(z)
            assert value == pytest.approx(float(right), rel=1e-11)
            np.testing.assert_allclose(rows.slope(z), slope, rtol=1e-7, atol=1e-6)


def test_equal_rows_are_counted_and_the_density_is_the_same(counts: RowsOfModel) -> None:
    """Rows of few kinds, in the place of those of the fixture, whose model is compiled."""
    rng = np.random.default_rng(6)
    drawn = rng.integers(0, 40, OTHERS)
    every = RowsOfModel(counts.says, drawn, np.ones(OTHERS), counts.data)
    first, times = np.unique(drawn, return_counts=True)
    few = RowsOfModel(counts.says, first, times.astype(float), counts.data)
    points = about(counts)
    np.testing.assert_allclose(few.log_density(points), every.log_density(points), rtol=1e-12)
    np.testing.assert_allclose(few.slope(points[0]), every.slope(points[0]), rtol=1e-9)


def test_kinds_are_found_of_terms_outcome_and_exposure_together() -> None:
    terms, outcome, over = (one.iloc[np.arange(OTHERS) % 50] for one in table())
    found = of_model(poisson(*(one.reset_index(drop=True) for one in (terms, outcome, over))))
    assert found
    assert found.kinds
    rows = pd.concat([terms, outcome, over], axis=1)
    assert sorted(found.kinds[0]) == sorted(kinds_of(rows)[0])  # type: ignore[index]
    assert found.kinds[1].sum() == OTHERS
    alike = rows.iloc[found.kinds[0]].drop_duplicates()
    assert len(alike) == len(found.kinds[0]) == len(rows.drop_duplicates())


def means(tree: xr.DataTree) -> dict[str, tuple[float, float, float]]:
    found = summarise(tree["posterior"].to_dataset())
    return {
        name: (one.mean or 0.0, one.mcse_mean or 0.0, one.sd or 0.0) for name, one in found.items()
    }


def test_draws_have_the_exact_moments_though_the_posterior_is_skewed() -> None:
    """Poisson counts of 40 rows, a level and one term: quadrature over both, prior by hand."""
    terms, outcome, over = table(40)
    terms, outcome = terms[["a"]], outcome // 4
    model = poisson(terms, outcome, over, slope_sd=0.7)
    tree, found = AnyMode(model).fit(data_of(model), **LENGTHS)
    assert found.status is Status.PASS
    x = (terms["a"] - terms["a"].mean()) / terms["a"].std()
    m = np.log(outcome.sum() / over.sum())
    level, beta = np.meshgrid(np.linspace(-3, 2, 401), np.linspace(-3, 3, 401), indexing="ij")
    eta = m + level[..., None] + beta[..., None] * x.to_numpy()
    log_p = stats.poisson(over.to_numpy() * np.exp(eta)).logpmf(outcome.to_numpy()).sum(axis=-1)
    log_p += stats.norm(0, 1).logpdf(level) + stats.norm(0, 0.7).logpdf(beta)
    p = np.exp(log_p - log_p.max())
    drawn = means(tree)
    for name, value in {"level": level, "beta[a]": beta}.items():
        mean = float((p * value).sum() / p.sum())
        sd = float(np.sqrt((p * (value - mean) ** 2).sum() / p.sum()))
        assert drawn[name][0] == pytest.approx(mean, abs=4 * drawn[name][1])
        assert drawn[name][2] == pytest.approx(sd, rel=4 * np.sqrt(1 / 2000))


def test_draws_are_as_those_of_nuts(counts: RowsOfModel) -> None:
    """All means within four Monte Carlo errors of 4000 draws by NUTS of 20,000 rows, frozen."""
    fits = AnyMode(counts.says.model)
    fits._rows = counts
    agree(fits, FROZEN, draws=1000)


def agree(fits: AnyMode, frozen: dict[str, tuple[float, float, float]], *, draws: int) -> None:
    """Hold that draws pass, and that means and sds are the frozen ones within four errors."""
    tree, found = fits.fit({}, **{**LENGTHS, "draws": draws})
    assert found.status is Status.PASS
    assert found[K_HAT].worst < GOOD_K
    drawn = means(tree)
    assert set(frozen) <= set(drawn)
    for name, (mean, error, sd) in frozen.items():
        assert drawn[name][0] == pytest.approx(mean, abs=4 * np.hypot(error, drawn[name][1]))
        assert drawn[name][2] == pytest.approx(sd, rel=4 * np.sqrt(1 / 2000 + 1 / 2000))


def others() -> tuple[pd.DataFrame, pd.Series, pd.Series]:
    """The terms of `table`, with shares, and with an outcome of heavy tails."""
    terms, _, _ = table()
    line = terms @ [0.3, -0.2, 0.4]
    p = 1 / (1 + np.exp(-line))
    shares = np.random.default_rng(5).beta(6 * p, 6 * (1 - p)).clip(1e-9, 1 - 1e-9)
    tailed = line + np.random.default_rng(5).standard_t(4, len(terms))
    return terms, pd.Series(shares, name="y"), pd.Series(tailed, name="y")


@pytest.mark.validate
def test_draws_of_shares_are_as_those_of_nuts() -> None:
    terms, shares, _ = others()
    agree(AnyMode(beta_shares(terms, shares)), FROZEN_SHARES, draws=500)


@pytest.mark.validate
def test_draws_of_tails_are_as_those_of_nuts() -> None:
    terms, _, tailed = others()
    agree(AnyMode(student_t(terms, tailed)), FROZEN_TAILS, draws=500)


def rated() -> tuple[pd.DataFrame, pd.Series, list[str]]:
    """The terms of `table`, and ratings a to e, as codes."""
    terms, _, _ = table()
    latent = terms @ [0.3, -0.2, 0.4] + np.random.default_rng(7).logistic(size=len(terms))
    return terms, pd.Series(np.digitize(latent, [-2, -0.5, 0.5, 1.5]), name="y"), list("abcde")


@pytest.mark.validate
def test_draws_of_ratings_are_as_those_of_nuts() -> None:
    fits = AnyMode(cumulative(*rated()))
    agree(fits, FROZEN_RATINGS, draws=500)
    refused(fits)


@pytest.mark.validate
@pytest.mark.parametrize(
    ("build", "frozen"),
    [(laplace, FROZEN_LAPLACE), (huber, FROZEN_HUBER)],
    ids=["absolute", "Huber"],
)
def test_draws_of_other_losses_are_as_those_of_nuts(
    build: Any, frozen: dict[str, tuple[float, float, float]]
) -> None:
    """That of the absolute error has kinks, which so many rows smooth."""
    terms, _, tailed = others()
    fits = AnyMode(build(terms, tailed))
    agree(fits, frozen, draws=500)
    refused(fits)


def k_hat(rows: RowsOfModel, mode: Mode) -> float:
    made = propose(rows, mode, **LENGTHS, freedom=FREEDOM)
    of_prior = rows.log_prior(made.points.reshape(-1, len(mode.at)))
    return metropolis(made, of_prior.reshape(4, -1), seed=1).k_hat


def refused(fits: AnyMode) -> None:
    """Hold that of a fit's rows wrong modes are found out: aside, and too narrow."""
    assert fits._rows
    assert fits._last
    right, rows = fits._last, fits._rows
    aside = right.root @ np.eye(len(right.at))[-1]
    for wrong in (Mode(right.at + 5 * aside, right.root), Mode(right.at, 0.4 * right.root)):
        assert k_hat(rows, wrong) > GOOD_K


@pytest.mark.parametrize(("moved", "wider"), [(5.0, 1.0), (0.0, 0.4)], ids=["moved", "too narrow"])
def test_a_wrong_mode_is_found_out(counts: RowsOfModel, moved: float, wider: float) -> None:
    some = counts.some(2000, seed=1)
    right = searched(some, seed=1)
    aside = np.eye(len(right.at))[0]
    wrong = Mode(right.at + moved * right.root @ aside, wider * right.root)
    assert k_hat(some, right) < GOOD_K < k_hat(some, wrong)


def test_a_tail_that_the_mode_does_not_know_is_refused(counts: RowsOfModel) -> None:
    """Poisson counts: the dispersion goes to 0, on its logarithmic scale without end."""
    terms, _, over = table()
    mu = over * np.exp(0.5 + terms @ [0.3, -0.2, 0.4])
    rows = RowsOfModel(counts.says, np.arange(4000), np.ones(4000), counts.data)
    there = {"y_data": np.random.default_rng(3).poisson(mu), "terms": terms, "exposure": over}
    given = [np.asarray(there[one.name])[:4000].astype(one.dtype) for one in rows.says.by_row]
    rows.__dict__["_rows"] = given
    fits = AnyMode(rows.says.model)
    fits._rows = rows
    _, found = fits.fit({}, **{**LENGTHS, "draws": 500})
    assert found.status is not Status.PASS
    assert found[K_HAT].status is not Status.PASS


@pytest.mark.validate
def test_what_is_free_or_held_at_0_is_refused() -> None:
    """The horseshoe's posterior is no hill: a mode says nothing of the rest of it."""
    terms, _, tailed = others()
    fits = AnyMode(horseshoe(terms[:4000], tailed[:4000], relevant=1.0))
    _, found = fits.fit({}, **{**LENGTHS, "draws": 500})
    assert found[K_HAT].status is not Status.PASS


def hills(apart: float) -> pm.Model:
    """A mean whose sign the rows do not tell."""
    y = np.random.default_rng(2).normal(apart, 1, 500)
    with pm.Model(coords={"row": range(500)}) as model:
        mean = pm.Normal("mean", 0, 10)
        size = pm.math.sqrt(mean**2 + 1e-4)
        pm.Normal("y", size, 1, observed=pm.Data("y_data", y, dims="row"), dims="row")
    return model


def test_of_two_hills_none_is_certified_and_the_reason_is_told() -> None:
    fits = AnyMode(hills(3.0))
    _, found = fits.fit({}, **LENGTHS)
    assert found.status is Status.FAIL
    assert found[K_HAT].worst == np.inf
    assert "different points" in fits.why


def test_a_posterior_without_a_top_has_none() -> None:
    rows: RowsOfModel = RowsOfModel.of(hills(3.0))
    rows.says.model["y_data"].set_value(np.full(500, np.nan))
    fits = AnyMode(rows.says.model)
    _, found = fits.fit({}, **LENGTHS)
    assert found.status is Status.FAIL
    assert "did not arrive" in fits.why
