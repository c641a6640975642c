"""Models side by side against densities that are known exactly, and against ArviZ."""

import json
from dataclasses import asdict

import arviz_stats
import numpy as np
import pytest
from scipy import stats

from tests.fits import CHAINS, DRAWS, exact_elpd, normal_tree, saved, tree
from workflow.comparing.models import UNDECIDED, UNKNOWN, WORSE, side_by_side, verdict
from workflow.comparing.telling import telling_rows
from workflow.sampling.part import Part
from workflow.scoring.elpd import QUADRATURE, Difference, Elpd, whisker

RNG = np.random.default_rng(5)
ROWS, N_LOG, N_RAW = 120, 0.6, 2.4  # the sds of the noise
Z = RNG.normal(1, N_LOG, ROWS)  # what a normal model is right for
Y = np.exp(Z)
LOG, RAW = normal_tree(Z, 10.0, N_LOG), normal_tree(Y, 10.0, N_RAW)


def test_elpd_is_that_of_arviz_and_the_exact_one_within_its_error() -> None:
    found = side_by_side([saved(LOG, "a"), saved(RAW, "b")])
    log = next(one for one in found.models if one.name == "a")
    arviz = arviz_stats.loo(LOG, pointwise=True)
    as_z = log.elpd.total - log.added
    assert as_z == pytest.approx(arviz.elpd, abs=0.01)
    assert log.k.max() == pytest.approx(float(arviz.pareto_k.max()), abs=0.05)
    assert abs(as_z - exact_elpd(Z, 10.0, N_LOG).sum()) < 4 * log.elpd.mcse


def test_a_log_normal_outcome_is_compared_on_its_own_scale() -> None:
    said = {"formula": "log(y) ~ x"}
    found = side_by_side([saved(RAW, "raw"), saved(LOG, "log", settings=said)])
    assert [one.name for one in found.models] == ["log", "raw"]
    log, raw = found.models
    assert log.added == -np.log(Y).sum()
    assert raw.added == 0
    assert found.column == "y"
    exact = exact_elpd(Z, 10.0, N_LOG) - np.log(Y) - exact_elpd(Y, 10.0, N_RAW)
    gap = found.gaps["raw"]
    assert abs(gap.value + exact.sum()) < 4 * gap.mcse
    assert gap.se == pytest.approx(np.sqrt(ROWS * exact.var(ddof=1)), rel=0.02)
    assert found.verdicts == {"raw": WORSE}


def test_differences_are_those_of_arviz() -> None:
    other = normal_tree(Z, 0.2, N_LOG)
    found = side_by_side([saved(LOG, "a"), saved(other, "b")])
    frame = arviz_stats.compare({"a": LOG, "b": other}, round_to="none")
    best, second = frame.index
    assert [one.name for one in found.models] == [best, second]
    assert found.gaps[second].value == pytest.approx(frame["elpd_diff"][second], abs=0.01)
    assert found.gaps[second].se == pytest.approx(frame["dse"][second], rel=0.05)
    assert found.verdicts == {second: UNDECIDED}
    assert sum(found.weights.values()) == pytest.approx(1)


@pytest.mark.parametrize(
    ("value", "se", "mcse", "rows", "told"),
    [
        (-22.0, 9.0, 0.1, 200, WORSE),
        (-22.0, 12.0, 0.1, 200, UNDECIDED),  # within two standard errors
        (-3.9, 0.1, 0.0, 200, UNDECIDED),  # below 4
        (-4.1, 0.1, 0.01, 200, WORSE),
        (-4.1, 0.1, 0.1, 200, UNDECIDED),  # Monte Carlo error might make it less
        (-22.0, 9.0, 0.1, 25, UNDECIDED),  # of so few rows it has to be 2.8 standard errors
        (-22.0, 1.0, float("inf"), 200, UNKNOWN),
    ],
)
def test_when_the_rows_can_tell(value: float, se: float, mcse: float, rows: int, told: str) -> None:
    assert verdict(Difference(value, se, mcse, rows), rows) == told


def outlying() -> np.ndarray:
    """Return log densities of rows of which one has all its weight in a few draws."""
    log_lik = stats.norm.logpdf(Z, RNG.normal(1, 0.1, (CHAINS, DRAWS, 1)), 1)
    log_lik[..., 4] = -3 * stats.genpareto.rvs(1.5, size=(CHAINS, DRAWS), random_state=RNG)
    return log_lik


def test_nothing_is_claimed_of_a_model_with_k_hat_above_the_limit() -> None:
    bad = tree(outlying(), Z, {"mu": RNG.normal(size=(CHAINS, DRAWS))})
    fits = [saved(bad, "bad"), saved(LOG, "good"), saved(normal_tree(Z, 1.0, N_LOG), "too")]
    found = side_by_side(fits)
    assert found.models[-1].name == "bad"
    assert not found.models[-1].known
    assert list(found.models[-1].above) == [6]  # the line of the fifth row
    assert {*found.gaps, *found.weights} == {"good", "too"}
    alone = side_by_side(fits[:2])
    assert not alone.weights
    assert not alone.verdicts


def test_an_exact_elpd_takes_the_place_of_one_that_is_not_known() -> None:
    bad = tree(outlying(), Z, {"mu": RNG.normal(size=(CHAINS, DRAWS))})
    known, none = exact_elpd(Z, 10.0, N_LOG), np.zeros(ROWS)
    given = Elpd(QUADRATURE, tuple(range(ROWS)), known, none, none * np.nan, np.inf)
    found = side_by_side(
        [saved(bad, "bad"), saved(LOG, "good")], lambda fit: given if fit.name == "bad" else None
    )
    bad_one = next(one for one in found.models if one.name == "bad")
    assert bad_one.known
    assert bad_one.elpd.total == pytest.approx(known.sum())
    assert bad_one.above.size == 1  # the page says why PSIS was not used


def test_some_of_very_many_rows_stand_for_all() -> None:
    part = Part(rows=ROWS, of_rows=10 * ROWS, every=1, every_prior=1, run=1, seed=2)
    some, other = normal_tree(Z, 10.0, N_LOG), normal_tree(Z, 0.3, N_LOG)
    for one in (some, other):
        one.attrs["part"] = json.dumps(asdict(part))
    found = side_by_side([saved(some, "some"), saved(other, "other")])
    whole = side_by_side(
        [saved(normal_tree(Z, 10.0, N_LOG), "some"), saved(normal_tree(Z, 0.3, N_LOG), "other")]
    )
    assert found.models[0].elpd.total == pytest.approx(10 * whole.models[0].elpd.total, rel=0.01)
    assert found.models[0].elpd.mcse > whole.models[0].elpd.mcse  # that of which rows were drawn


def test_rows_that_tell_most_come_first_and_a_whisker_has_two_standard_errors() -> None:
    found = side_by_side([saved(RAW, "raw"), saved(LOG, "log")])
    one, other = found.models
    gains = one.elpd.pointwise - other.elpd.pointwise
    rows = telling_rows(one, other, found.y, most=3)
    assert [abs(row.gain) for row in rows] == sorted(np.abs(gains), reverse=True)[:3]
    assert rows[0].line == np.abs(gains).argmax() + 2
    drawn = whisker(Difference(-10, 3, 0.1, 150))
    assert (drawn.lower, drawn.upper) == (-16, -4)
