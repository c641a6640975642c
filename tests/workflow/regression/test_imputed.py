"""Filled gaps: the line of each draw by hand, one data set of them, what is told of each term."""

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from reports.regression import imputed as words
from tests.conftest import SEED
from workflow.quantities import SAMPLE
from workflow.regression import imputed, residuals
from workflow.regression.regression import linear_predictor

ROWS, DRAWS = 200, 250


def posterior(lines: list[int], names: list[str], drawn: np.ndarray) -> xr.Dataset:
    """Return draws of a line of two terms, and of gaps (gap, in so many draws of four chains)."""
    rng = np.random.default_rng(SEED)
    shape = (4, DRAWS)
    found = {
        "intercept": (SAMPLE, rng.normal(size=shape)),
        "slope": ((*SAMPLE, "term"), rng.normal(size=(*shape, 2))),
        "missing": ((*SAMPLE, "gap"), drawn),
        "gap_z": ((*SAMPLE, "gap"), drawn),
    }
    coords = {"gap_line": ("gap", lines), "gap_term": ("gap", names), "term": ["x", "w"]}
    return xr.Dataset(found, coords=coords)


def made(
    values: np.ndarray, gaps: int, mean: float
) -> tuple[xr.Dataset, pd.DataFrame, pd.Series, pd.DataFrame]:
    """Return draws, terms (x is `values`), outcome and gaps; these are drawn around a `mean`."""
    rng = np.random.default_rng(SEED + 1)
    index = range(2, ROWS + 2)
    terms = pd.DataFrame({"x": values, "w": rng.normal(size=ROWS)}, index=index)
    drawn = mean + values.std() * rng.normal(size=(4, DRAWS, gaps))
    hole = pd.DataFrame(False, terms.index, terms.columns)
    hole.iloc[:gaps, 0] = True
    terms.loc[hole["x"], "x"] = drawn[0, 0]
    outcome = pd.Series(rng.normal(size=ROWS), terms.index)
    return posterior(list(index)[:gaps], ["x"] * gaps, drawn), terms, outcome, hole


def test_the_line_has_the_gaps_of_each_draw() -> None:
    """Line 3 has two gaps and line 5 one; rows of a part are those of the whole."""
    rng = np.random.default_rng(SEED)
    drawn = rng.normal(size=(4, DRAWS, 3))
    draws = posterior([3, 3, 5], ["x", "w", "w"], drawn)
    terms = pd.DataFrame(rng.normal(size=(5, 2)), range(2, 7), ["x", "w"])
    found = imputed.fitted(draws, terms).transpose(*SAMPLE, "row").to_numpy()
    for chain, draw in ((0, 0), (2, 7), (3, DRAWS - 1)):
        own = terms.copy()
        own.loc[3], own.loc[5, "w"] = drawn[chain, draw, :2], drawn[chain, draw, 2]
        at = draws.isel(chain=chain, draw=draw)
        line = float(at["intercept"]) + own.to_numpy() @ at["slope"].to_numpy()
        assert found[chain, draw] == pytest.approx(line)
    part = imputed.fitted(draws, terms.loc[[6, 5]]).transpose(*SAMPLE, "row").to_numpy()
    assert part == pytest.approx(found[..., [4, 3]])
    plain = imputed.plain(draws)
    assert not imputed.has_gaps(plain)
    assert imputed.fitted(plain, terms).equals(linear_predictor(plain, terms))


def test_one_draw_is_one_of_the_posterior_and_of_all_gaps_together() -> None:
    drawn = np.random.default_rng(SEED).normal(size=(4, DRAWS, 3))
    found = imputed.one_draw(posterior([3, 3, 5], ["x", "w", "w"], drawn), seed=SEED)
    assert list(found.index) == [(3, "x"), (3, "w"), (5, "w")]
    assert (drawn == found.to_numpy()).all(axis=-1).sum() == 1
    other = imputed.one_draw(posterior([3, 3, 5], ["x", "w", "w"], drawn), seed=SEED + 1)
    assert not np.array_equal(found, other)


def test_what_is_told_of_a_term_is_what_was_put_in() -> None:
    values = 10 + 3 * np.random.default_rng(SEED).normal(size=ROWS)
    (one,) = imputed.filled(*made(values, 40, 12.0))
    assert (one.term, one.gaps, one.rows) == ("x", 40, ROWS)
    assert one.mean == pytest.approx(values[40:].mean())
    assert one.mean_filled == pytest.approx(12, abs=4 * one.sd_filled / np.sqrt(4 * DRAWS * 40))
    assert one.sd_each == pytest.approx(values.std(), rel=0.02)
    assert not one.bent
    assert abs(one.z) < 4


def test_gaps_that_go_with_the_outcome_are_told() -> None:
    draws, terms, outcome, gaps = made(np.random.default_rng(SEED).normal(size=ROWS), 40, 0.0)
    outcome = outcome + 2.0 * gaps["x"]
    (one,) = imputed.filled(draws, terms, outcome, gaps)
    x = np.column_stack([gaps["x"], terms["w"], np.ones(ROWS)]).astype(float)
    slopes, left, *_ = np.linalg.lstsq(x, outcome.to_numpy(), rcond=None)
    error = np.sqrt(left[0] / (ROWS - 3) * np.linalg.inv(x.T @ x)[0, 0])
    assert one.z == pytest.approx(slopes[0] / error)
    told = words.blocks([one], 40, ROWS)
    assert any(
        "another than in rows alike" in str(block) and "higher" in str(block) for block in told
    )


class Told:
    """What a page is warned of."""

    def __init__(self) -> None:
        self.said: list[str] = []

    def warn(self, text: str, advice: str) -> None:
        self.said.append(text)


@pytest.mark.parametrize("kind", ["normal", "skewed", "beyond"])
def test_where_normal_is_no_answer_there_is_a_warning(kind: str) -> None:
    rng = np.random.default_rng(SEED)
    values = rng.exponential(size=ROWS) ** 2 if kind == "skewed" else rng.normal(size=ROWS)
    found = imputed.filled(*made(values, 40, 3.0 if kind == "beyond" else values.mean()))
    report = Told()
    words.warn(report, found)  # type: ignore[arg-type]
    assert bool(report.said) == (kind != "normal")
    assert all("Gaps of x are filled by a normal distribution" in one for one in report.said)


def test_residuals_are_held_against_the_gaps_of_their_own_draw() -> None:
    """By hand, draw by draw: how far sizes go along a term, and squares; only one has gaps."""
    rng, n = np.random.default_rng(SEED), 40
    index = range(2, n + 2)
    terms = pd.DataFrame(rng.normal(size=(n, 2)), index, ["x", "w"])
    drawn = rng.normal(size=(4, DRAWS, 12))
    draws = posterior(list(index)[:12], ["x"] * 12, drawn)
    y = xr.DataArray(rng.normal(size=n), dims="row", coords={"row": list(index)})
    found = residuals.residual_statistics(draws, terms)
    names = [f"{residuals.SCATTER} (largest correlation)", "residuals: share that the terms still"]
    size, share = (
        next(one for key, one in found.items() if key.startswith(name)) for name in names
    )
    for chain, draw in ((0, 0), (3, 7)):
        own = terms.copy()
        own.iloc[:12, 0] = drawn[chain, draw]
        at = draws.isel(chain=chain, draw=draw)
        left = y.to_numpy() - (float(at["intercept"]) + own.to_numpy() @ at["slope"].to_numpy())
        most = max(abs(np.corrcoef(abs(left - left.mean()), own[name])[0, 1]) for name in own)
        assert float(size(y, draws)[chain, draw]) == pytest.approx(most)
        design = np.column_stack([np.ones(n), own])
        fit = design @ np.linalg.lstsq(design, left - left.mean(), rcond=None)[0]
        explained = (fit**2).sum() / float(((left - left.mean()) ** 2).sum())
        assert float(share(y, draws)[chain, draw]) == pytest.approx(explained)
    assert list(imputed.without_gaps(draws, terms)) == ["w"]
    assert imputed.without_gaps(imputed.plain(draws), terms) is terms
