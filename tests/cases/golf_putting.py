"""One angle: its posterior is an integral over a line, which scipy does.

Small has eight putts, so that an error of the prior shows. The wrong likelihood has distances in
metres for feet. Left out rows, and the curve beside it, are held against integrals of their own.
"""

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pymc as pm
import pytest
import xarray as xr
from scipy import integrate, stats
from scipy.special import comb, expit

from analyses._predicting import predict
from analyses.golf_putting import main
from data._how import Reading
from data._table import DataError
from data.golf_putting import load, read
from models.golf_putting import ROOM, geometry
from reports.putting.putting import answer
from tests.calibration.mutants import Mutant, replaced, without_jacobian
from tests.conftest import SEED
from tests.contract import fitted
from workflow.checking.alike import look
from workflow.checking.exact import WORST, farthest
from workflow.putting.agreement import misfits, residuals
from workflow.putting.contest import CANNOT, GEOMETRY, LOGISTIC, Contest
from workflow.quantities import SAMPLE, summarise

PUTTS = load()
X, N, Y = PUTTS.to_numpy(dtype=float).T
PRIORS = [{"prior_degrees": 0.5}, {"prior_degrees": 8.0}]
FEW = pd.DataFrame({"distance_ft": [3.0, 10.0], "tries": [4, 4], "successes": [3, 1]})


def shipped(**knobs: float) -> pm.Model:
    return geometry(PUTTS, **knobs)


def small(**knobs: float) -> pm.Model:
    return geometry(FEW, **knobs)


def log_density(sigma_degrees: Any, *, prior_degrees: float = 2.0) -> float:
    """By the Normal distribution function, in radians."""
    allowed = np.arcsin((4.25 / 2 - 1.68 / 2) / 12 / X) / math.radians(sigma_degrees)
    log_miss = math.log(2) + stats.norm.logsf(allowed)
    log_p = Y * np.log(-np.expm1(log_miss)) + (N - Y) * log_miss + np.log(comb(N, Y, exact=False))
    prior = stats.gamma(2, scale=prior_degrees / 2).logpdf(sigma_degrees)
    return float(log_p.sum() + prior)


def reference(*, prior_degrees: float = 2.0) -> dict[str, tuple[float, ...]]:
    """Adaptive quadrature over the angle; even_ft = 0.107 ft / sin(0.6745 sigma_degrees)."""
    top = log_density(1.527, prior_degrees=prior_degrees)

    def mean(f: Any) -> float:
        found, _ = integrate.quad(
            lambda s: f(s) * math.exp(log_density(s, prior_degrees=prior_degrees) - top),
            *(1.3, 1.8),
            epsabs=0,
            epsrel=1e-10,
            limit=200,
        )
        return float(found)

    whole = mean(lambda s: 1.0)
    found: dict[str, tuple[float, ...]] = {}
    quarter = stats.norm.ppf(0.75)
    told = {
        "sigma_degrees": lambda s: s,
        "even_ft": lambda s: 2.57 / 24 / math.sin(math.radians(quarter * s)),
    }
    for name, value in told.items():
        middle = mean(value) / whole
        variance = mean(lambda s, value=value, middle=middle: (value(s) - middle) ** 2) / whole
        found[name] = (middle, math.sqrt(variance), 0.0, 0.0)
    return found


def wide_prior() -> Mutant:
    return replaced("a prior of the angle twice as wide", prior_degrees=4.0)


def wrong_likelihood() -> Mutant:
    def in_metres(data: Any) -> Any:
        return data | {"distance_ft": 0.3048 * data["distance_ft"]}

    return Mutant("distances in metres taken for feet", change=in_metres)


def dropped_jacobian() -> Mutant:
    told = "no Jacobian of the logarithm of the angle"
    return Mutant(told, without_jacobian(small(), "sigma_degrees"))


def contest(putts: pd.DataFrame) -> Contest:
    return Contest(putts, ROOM, 2.0)


def drawn(of: Contest, draws: int = 1000) -> xr.Dataset:
    """Return independent draws of the exact posterior of the angle."""
    points, weights = of.geometry.grid
    rng = np.random.default_rng(SEED)
    at = np.interp(rng.random((4, draws)), np.cumsum(weights), points[:, 0])
    return xr.Dataset({"sigma_degrees": (SAMPLE, np.exp(at))})


def test_published_numbers() -> None:
    """Gelman and Nolan: 1.53 (.02) degrees; logistic 2.23 (.06) and -.26 (.01) a foot."""
    of = contest(PUTTS)
    sigma = of.known()["sigma_degrees"]
    assert (round(sigma.mean, 2), round(sigma.sd, 2)) == (1.53, 0.02)
    own = of.logistic.curve.own_units(of.logistic.grid[0])
    level, slope = (of.logistic.known(one) for one in own.T)
    assert (round(level.mean, 2), round(level.sd, 2)) == (2.23, 0.06)
    assert (round(slope.mean, 2), round(slope.sd, 2)) == (-0.26, 0.01)


@pytest.mark.parametrize("knobs", [{}, *PRIORS], ids=str)
def test_grid_and_nuts_are_where_the_integral_is(knobs: dict[str, float]) -> None:
    exact = Contest(PUTTS, ROOM, knobs.get("prior_degrees", 2.0)).known()
    for name, (mean, sd, *_) in reference(**knobs).items():
        assert exact[name].mean == pytest.approx(mean, rel=1e-8), name
        assert exact[name].sd == pytest.approx(sd, rel=1e-6), name
    found = summarise(fitted("golf_putting", **knobs)["posterior"].to_dataset())
    assert max(farthest(found[name], one) for name, one in exact.items()) < WORST


def test_rows_left_out_are_integrals() -> None:
    """Of the nearest, the farthest and one between, by scipy's quadrature in the own units."""
    of = contest(PUTTS)
    a, b = np.meshgrid(np.linspace(0.8, 2.8, 300), np.linspace(-0.33, -0.1, 300))
    at = stats.norm(0, 2.5)
    scale, centre = X.std(ddof=1), X.mean()
    log_prior = at.logpdf(b * scale) + at.logpdf(a + b * centre)
    each = [stats.binom(n, expit(a + b * x)).logpmf(y) for x, n, y in zip(X, N, Y, strict=True)]
    for i in (0, 7, 18):
        rest = PUTTS.drop(index=i)
        whole, part = (
            integrate.quad(lambda s, x=x, n=n, y=y: _likelihood(s, x, n, y), 1.2, 2.0, epsrel=1e-10)
            for x, n, y in ((X, N, Y), rest.to_numpy(dtype=float).T)
        )
        log_p = math.log(whole[0]) - math.log(part[0]) + _constant(X, N, Y)
        log_p -= _constant(*rest.to_numpy(dtype=float).T)
        assert of.geometry.left_out[i] == pytest.approx(log_p, abs=1e-7)
        without = sum(each) - each[i] + log_prior
        weights = np.exp(without - without.max())
        expected = math.log((weights * np.exp(each[i])).sum() / weights.sum())
        assert of.logistic.left_out[i] == pytest.approx(expected, abs=1e-6)


def _constant(x: np.ndarray, n: np.ndarray, y: np.ndarray) -> float:
    """The log likelihood near its highest."""
    allowed = np.degrees(np.arcsin(ROOM / x))
    return float(stats.binom(n, 1 - 2 * stats.norm.sf(allowed / 1.527)).logpmf(y).sum())


def _likelihood(s: float, x: np.ndarray, n: np.ndarray, y: np.ndarray) -> float:
    p = 1 - 2 * stats.norm.sf(np.degrees(np.arcsin(ROOM / x)) / s)
    log_p = stats.binom(n, p).logpmf(y).sum() - _constant(x, n, y)
    return float(math.exp(log_p) * stats.gamma(2, scale=1.0).pdf(s))


def test_rows_left_out_by_draws_are_the_exact_ones() -> None:
    """Row by row within four Monte Carlo errors; where k is too large, exactly."""
    of = contest(PUTTS)
    found = of.left_out(drawn(of))
    assert 0 < found.refitted < len(PUTTS) / 2
    off = np.abs(found.pointwise - of.geometry.left_out)
    assert (off <= 4 * found.errors + 1e-9).all()
    assert of.decide(drawn(of)) == (GEOMETRY,)


def by_geometry(x: np.ndarray) -> np.ndarray:
    return np.asarray(1 - 2 * stats.norm.sf(np.degrees(np.arcsin(ROOM / x)) / 1.5))


def by_logistic(x: np.ndarray) -> np.ndarray:
    return np.asarray(expit(2.2 - 0.25 * x))


def too_long(x: np.ndarray) -> np.ndarray:
    """The direction is off by 1.3 degrees; the length, aimed a foot too far, by 10%.

    It has to reach the hole and to be less than three feet too long: Broadie (2018).
    """
    sd = 0.1 * (x + 1)
    ends = stats.norm.cdf(2 / sd) - stats.norm.cdf(-1 / sd)
    return by_geometry(x) * ends


def putts(chance: Any, tries: int, seed: int = SEED, scatter: float = 0.0) -> pd.DataFrame:
    """Simulate tries from 2 to 20 feet; `scatter` is the sd of log odds between distances."""
    rng, x = np.random.default_rng(seed), np.arange(2.0, 21.0)
    p = chance(x)
    p = expit(np.log(p / (1 - p)) + scatter * rng.normal(size=len(x)))
    made = rng.binomial(tries, p)
    return pd.DataFrame({"distance_ft": x, "tries": tries, "successes": made})


@pytest.mark.parametrize(
    ("chance", "tries", "expected"),
    [(by_geometry, 400, GEOMETRY), (by_logistic, 400, LOGISTIC), (by_geometry, 3, CANNOT)],
    ids=["geometry", "logistic", "few"],
)
def test_the_curve_that_made_the_putts_is_found(chance: Any, tries: int, expected: str) -> None:
    of = contest(putts(chance, tries))
    assert of.decide(drawn(of)) == (expected,)


@pytest.mark.validate
@pytest.mark.parametrize("scatter", [0.0, 0.3])
def test_a_curve_halfway_between_is_hardly_ever_taken_for_either(scatter: float) -> None:
    """Of 100 data sets, with or without scatter between distances."""

    def halfway(x: np.ndarray) -> np.ndarray:
        p, q = by_geometry(x), by_logistic(x)
        found: np.ndarray = expit((np.log(p / (1 - p)) + np.log(q / (1 - q))) / 2)
        return found

    claims = 0
    for seed in range(100):
        of = contest(putts(halfway, 400, seed, scatter))
        gap = (of.geometry.left_out - of.logistic.left_out).sum()
        claims += abs(gap) >= of.least
    assert claims <= 5


@pytest.mark.validate
@pytest.mark.parametrize(("chance", "sign"), [(by_geometry, 1), (by_logistic, -1)])
def test_the_wrong_curve_is_hardly_ever_taken(chance: Any, sign: int) -> None:
    """With scatter between distances that makes counts differ by many times their Binomial sd."""
    wrong = 0
    for seed in range(100):
        of = contest(putts(chance, 400, seed, 0.4))
        wrong += -sign * (of.geometry.left_out - of.logistic.left_out).sum() >= of.least
    assert wrong <= 1


def run(folder: Path, table: pd.DataFrame, **options: Any) -> dict[str, Any]:
    """Return the summary of a quick page."""
    path = folder / "own.csv"
    table.to_csv(path, index=False)
    main(data=path, out=folder, draws=300, quick=True, quiet=True, seed=SEED, **options)
    found: dict[str, Any] = json.loads((folder / "golf_putting.json").read_text("utf-8"))
    return found


MISFIT = "The counts are not as the geometry has them"


def test_putts_that_follow_the_geometry(tmp_path: Path) -> None:
    """No warning but that of --quick; new distances as by the integral, beyond the data said."""
    table = putts(by_geometry, 400)
    found = run(tmp_path, table)
    assert len(found["warnings"]) == 1  # of --quick
    assert found["answer"].startswith("Take the geometry: it predicts")
    even = found["quantities"]["even_ft"]
    truth = ROOM / math.sin(math.radians(stats.norm.ppf(0.75) * 1.5))
    assert even["lower"] < truth < even["upper"]
    assert f"from {even['median']:.1f}"[:6] in found["answer"]
    new = tmp_path / "new.csv"
    new.write_text("distance_m\n1.5240\nfar\n12.192\n", encoding="utf-8")
    fit = tmp_path / "golf_putting.nc"
    assert predict(fit, new, None, None, {}) == 0
    told = pd.read_csv(tmp_path / "golf_putting_predictions.csv", encoding="utf-8-sig")
    assert told["distance_ft"].tolist()[::2] == pytest.approx([5, 40])
    exact = contest(table).geometry.chances(np.array([5.0, 40.0]))
    error = (exact["upper"] - exact["lower"]) / 4 / math.sqrt(300)  # an ESS that is easily reached
    assert (abs(told["probability"][::2].to_numpy() - exact["mean"]) < 4 * error).all()
    assert "'far' is no distance of a putt" in told["note"][1]
    assert told["extrapolated"].notna().tolist() == [False, False, True]


def test_putts_that_are_too_long_do_not_fit(tmp_path: Path) -> None:
    """The better of two curves is no more than that, and says nothing of where putts are missed."""
    found = run(tmp_path, putts(too_long, 2000))
    assert any(one.startswith(MISFIT) for one in found["warnings"])
    assert "likely missed than made" not in found["answer"]


def test_percentages_are_no_counts() -> None:
    """Counts that are the curve itself, rounded, are nearer to it than chance; that is said."""
    x = np.arange(2.0, 21.0)
    made = (100 * by_geometry(x)).round().astype(int)
    table = pd.DataFrame({"distance_ft": x, "tries": 100, "successes": made})
    of, y = contest(table), xr.DataArray(100 - made, dims="row")
    p = of.curves[GEOMETRY].to_numpy()
    chi2 = misfits(table, p)["counts against the curve (chi-square)"]
    assert float(chi2(y, xr.Dataset())) < stats.chi2(18).ppf(0.001)
    found = summarise(fitted("golf_putting")["posterior"].to_dataset())
    gap = of.gap(drawn(of))
    for decision in (GEOMETRY, CANNOT):
        said = answer(decision, of, gap, found, fits=False, near=True)
        assert "nearer to the geometry than chance" in said
        assert "likely missed" not in said


def test_players_who_differ_are_seen(tmp_path: Path) -> None:
    """Each has an angle of his own, from .7 to 4 degrees; distances know nothing of that."""
    rng, x = np.random.default_rng(SEED), np.arange(2.0, 21.0)
    allowed = np.degrees(np.arcsin(ROOM / x))
    tables = [
        pd.DataFrame(
            {
                "player": f"p{i}",
                "distance_m": (0.3048 * x).round(6),
                "tries": 40,
                "successes": rng.binomial(40, 1 - 2 * stats.norm.sf(allowed / angle)),
            }
        )
        for i, angle in enumerate(np.geomspace(0.7, 4, 12))
    ]
    path = tmp_path / "own.csv"
    pd.concat(tables).to_csv(path, index=False)
    found = read(path)
    p = dict(zip(found.counts["distance_ft"], contest(found.counts).curves[GEOMETRY], strict=True))
    (of_players,) = look(residuals(found.rows, p), found.beside.groups, {}, seed=SEED)
    assert of_players.column == "player"
    assert of_players.matters
    assert of_players.factor > 3


def test_metres_single_putts_and_what_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "own.csv"

    def of(text: str, **columns: str) -> pd.DataFrame:
        path.write_text(text, encoding="utf-8")
        return read(path, Reading.of(columns)).counts

    four = "1,1,yes\n2,1,no\n3,1,no\n4,1,yes\n4,1,no\n"
    single = of("m,x,made\n" + four, distance_m="m", successes="made")
    assert single["distance_ft"].tolist() == pytest.approx([1 / 0.3048 * i for i in (1, 2, 3, 4)])
    assert single["tries"].tolist() == [1, 1, 1, 2]
    assert single["successes"].tolist() == [1, 0, 0, 1]
    head = "distance_ft,tries,successes\n"
    for text, said in (
        ("1,2,3\n2,2,1\n3,2,1\n4,2,1\n", "line 2, column 'successes': 3 is more than the 2 tries"),
        ("0.1,2,1\n2,2,1\n3,2,1\n4,2,1\n", "'0.1' is not a distance from 0.2 to 1,000"),
        ("1,2,1\n2,2,1\n3,2,1\n", "3 distances; to tell two curves apart it takes 4"),
        ("1,2,2\n2,2,2\n3,2,2\n4,2,2\n", "all 8 putts were made"),
    ):
        with pytest.raises(DataError, match=said):
            of(head + text)
    with pytest.raises(DataError, match="--distance-m NAME --tries NAME --successes NAME"):
        of("x,y\n1,1\n")


def test_the_error_of_the_difference_is_that_of_other_counts_at_these_distances() -> None:
    """By simulated counts about the nearer curve, which scatter as much as these do."""
    told = Contest(PUTTS, ROOM, 2.0)
    p, other = (told.curves[name].to_numpy() for name in (GEOMETRY, LOGISTIC))
    tries, made = (PUTTS[name].to_numpy() for name in ("tries", "successes"))
    drawn = np.random.default_rng(SEED).binomial(tries, p, size=(20_000, len(PUTTS)))
    gap = drawn @ np.log(p / other) + (tries - drawn) @ np.log((1 - p) / (1 - other))
    chi2 = ((made - tries * p) ** 2 / (tries * p * (1 - p))).sum()
    wanted = gap.std() * np.sqrt(chi2 / (len(PUTTS) - 1))
    assert told.error == pytest.approx(wanted, rel=4 / np.sqrt(2 * 20_000))
