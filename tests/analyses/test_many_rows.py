"""Many rows are fitted by their sums, and looked at by themselves."""

import importlib
import re
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from analyses import _many_rows
from analyses._many_rows import MANY, any_mode, at_mode, by_sums
from analyses._study import Study
from models import sparse_regression as sparse
from models.count_regression import negative_binomial, poisson
from models.linear_regression import gaussian
from models.logistic_regression import bernoulli, root_of_prior
from models.noise_models import huber, laplace
from models.ordinal_regression import cumulative
from models.sparse_regression import horseshoe_of_sums, laplace_of_sums
from reports.blocks.part import ADVI_LEFT
from reports.blocks.wanted import numbers_only
from tests.analyses.test_study import SETTINGS
from tests.models.test_sums import table
from workflow.checking.sampler_checks import K_HAT
from workflow.checking.status import Status
from workflow.quantities import summarise
from workflow.regression.any_mode import AnyMode
from workflow.regression.logistic import map_estimate
from workflow.sampling.groups import JOINT


def test_only_many_rows_that_are_alike_are_summed() -> None:
    terms, outcome = table(MANY)
    groups = pd.Series(np.arange(MANY) % 7, terms.index)
    found = by_sums(partial(gaussian, terms, outcome, None, r2=0.4))
    assert found
    assert found.keywords == {"r2": 0.4}
    assert by_sums(partial(gaussian, terms, outcome, groups)) is None
    assert by_sums(partial(gaussian, terms.iloc[1:], outcome.iloc[1:], None)) is None
    gaps = terms.mask(terms > 3)
    assert by_sums(partial(gaussian, gaps, outcome, None)) is None


def test_a_study_of_many_rows_samples_sums_and_looks_at_rows(tmp_path: Path) -> None:
    """Slopes as by least squares, whose errors the posterior has; densities are those of rows."""
    terms, outcome = table(MANY, 3)
    terms["x1"] = np.random.default_rng(5).normal(size=MANY)
    settings = {**SETTINGS, "data": Path(__file__), "out": tmp_path}
    build = partial(gaussian, terms, outcome, None)
    study = Study("linear_regression", "What?", build, settings, knobs={"noise": (1.0,)})
    posterior = study.sample()
    assert study.fitted is not study.model
    study.describe()
    assert any("what the rows come to" in str(one) for one in study.page.sections[-1].blocks)

    x = np.column_stack([np.ones(MANY), terms])
    best, squares, *_ = np.linalg.lstsq(x, outcome)
    errors = np.sqrt(np.diag(np.linalg.inv(x.T @ x)) * squares / (MANY - 4))
    found = summarise(posterior)
    for name, value, error in zip(terms, best[1:], errors[1:], strict=True):
        one = found[f"slope[{name}]"]
        # Of 10,000 rows the prior moves a slope by far less than its error.
        assert one.mean == pytest.approx(value, abs=4 * (one.mcse_mean or 0) + 0.05 * error)
        assert one.sd == pytest.approx(error, rel=0.15)

    at = {"chain": 0, "draw": 7}
    drawn, joint = posterior.isel(at), study.tree[JOINT]["y"].isel(at)
    left = outcome - float(drawn["intercept"]) - terms @ drawn["slope"].to_numpy()
    sigma = float(drawn["sigma"])
    each = -np.log(sigma * np.sqrt(2 * np.pi)) - (left / sigma) ** 2 / 2
    assert float(joint) == pytest.approx(float(each.sum()), rel=1e-9)
    assert study.tree["log_likelihood"]["y"].sizes["row"] <= MANY


def events(n: int, kinds: int | None = None) -> tuple[pd.DataFrame, pd.Series]:
    """Two terms, of so many kinds of rows or of numbers that are all different, and events."""
    rng = np.random.default_rng(9)
    x = rng.normal(size=(n, 2)) if kinds is None else rng.integers(0, kinds, (n, 2))
    terms = pd.DataFrame(x, columns=["a", "b"], dtype=float)
    p = 1 / (1 + np.exp(1 - 0.4 * terms["a"]))
    return terms, pd.Series((rng.random(n) < p).astype(int), name="y")


def a_study(path: Path, terms: pd.DataFrame, outcome: pd.Series, **settings: object) -> Study:
    build = partial(bernoulli, terms, outcome, None, r2=0.75, level_sd=2.5)
    given = {**SETTINGS, "data": Path(__file__), "out": path, **settings}
    return Study("logistic_regression", "What?", build, given, knobs={"level_sd": (1.0, 5.0)})


def blocks_of(study: Study) -> str:
    return " ".join(str(one) for section in study.page.sections for one in section.blocks)


def test_events_are_counted_or_certified_where_rows_are_many() -> None:
    def how(terms: pd.DataFrame, outcome: pd.Series, *groups: object) -> tuple[bool, bool]:
        build = partial(bernoulli, terms, outcome, *groups)
        found = by_sums(build)
        return found is not None, at_mode(build, found or build) is not None

    assert how(*events(MANY)) == (False, True)
    assert how(*events(MANY - 1)) == (False, False)
    assert how(*events(MANY, 3)) == (True, False)  # nine kinds: NUTS takes no time
    assert how(*events(MANY - 1, 3)) == (False, False)
    twice = [pd.concat([one] * 3, ignore_index=True) for one in events(MANY)]
    assert how(*twice) == (True, True)
    groups = pd.Series(np.arange(MANY) % 7)
    assert how(*events(MANY), groups) == how(*events(MANY, 3), groups) == (False, False)


def test_a_study_of_many_events_is_certified_and_says_so(tmp_path: Path) -> None:
    """No ADVI, no NUTS, not even for other priors; densities are those of all rows."""
    terms, outcome = events(MANY)
    study = a_study(tmp_path, terms, outcome, draws=400, quick=False)
    posterior = study.sample()
    assert study.decide(lambda drawn, errors=2: ("yes",)) == "yes"
    assert study.approximations() is None
    study.gate(["level"])
    study.advi()
    found = study.sweep(dict, ["level"])
    assert [one.status for one in found.points] == [Status.PASS] * 2
    assert "compiled" not in vars(study)
    text = blocks_of(study)
    assert "NUTS was not needed" in text
    assert "Every run of the sampler" not in text
    assert study.page.sections[-1].line == ADVI_LEFT
    at = {"chain": 1, "draw": 5}
    drawn, joint = posterior.isel(at), study.tree[JOINT]["y"].isel(at)
    eta = float(drawn["intercept"]) + terms @ drawn["slope"].to_numpy()
    each = outcome * eta - np.logaddexp(0, eta)
    assert float(joint) == pytest.approx(float(each.sum()), rel=1e-10)
    assert study.tree["log_likelihood"]["y"].sizes["row"] <= MANY
    assert study.diagnosis[K_HAT].status is Status.PASS


def test_what_cannot_be_certified_is_sampled_by_nuts_and_the_page_says_why(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of two events among 1,000 rows, that being many here, the level is skewed."""
    monkeypatch.setattr(_many_rows, "MANY", 1000)
    terms, _ = events(1000)
    outcome = pd.Series(np.isin(np.arange(1000), [5, 700]).astype(int), name="y")
    study = a_study(tmp_path, terms[["a"]], outcome)
    study.sample()
    study.gate(["level"])
    assert study.at_mode is None
    assert study.again is study.compiled
    assert "diverging" in study._drawn["sample_stats"]
    text = blocks_of(study)
    assert "was tried first" in text
    assert "Every run of the sampler" in text
    assert "So NUTS samples all rows" in " ".join(capsys.readouterr().err.split())


def test_counted_rows_are_sampled_as_all_rows_and_refitted_by_row(tmp_path: Path) -> None:
    """Equal rows in nine kinds; the exact mode of all rows is where the draws are."""
    terms, outcome = events(MANY, 3)
    study = a_study(tmp_path, terms, outcome)
    posterior = study.sample()
    study.describe()
    assert "there are 9 kinds of rows" in blocks_of(study)
    z = (terms - terms.mean()) / terms.std()
    mode = map_estimate(z, outcome, root=root_of_prior(terms, r2=0.75), level_sd=2.5)
    found = summarise(posterior)
    at = {f"log_odds_ratio[{name}]": mode.log_odds_ratio[name] for name in terms}
    for name, value in {"level": mode.level, **at}.items():
        one = found[name]
        assert one.mean is not None
        assert one.sd is not None
        assert one.mean == pytest.approx(value, abs=4 * (one.mcse_mean or 0) + 0.05 * one.sd)
    names = {"terms", "y_data"}
    assert names <= {one.name for one in study.by_row.shared_var_keys}
    assert not names & {one.name for one in study.compiled.shared_var_keys}


def test_a_study_of_many_counts_is_certified_by_its_own_model_and_its_rival_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """2,000 rows being many here, of few kinds. Other priors are weights; refits have rows."""
    monkeypatch.setattr(_many_rows, "OTHERS", 2000)
    terms, _ = events(2000, 3)
    mu = np.exp(0.5 + 0.3 * terms["a"])
    drawn = np.random.default_rng(8).negative_binomial(2, 2 / (2 + mu))
    outcome, over = pd.Series(drawn, name="y"), pd.Series(1.0, index=terms.index)
    build = partial(negative_binomial, terms, outcome, over, None, r2=0.5)
    given = {**SETTINGS, "data": Path(__file__), "out": tmp_path, "draws": 400, "quick": False}
    study = Study("count_regression", "What?", build, given, knobs={"scatter": (0.5, 2.0)})
    posterior = study.sample()
    assert study.decide(lambda drawn, errors=2: ("yes",)) == "yes"
    assert isinstance(study.at_mode, AnyMode)
    assert study.at_mode.kinds is not None
    assert "compiled" not in vars(study)
    study.gate(["level"])
    study.advi()
    found = study.sweep(dict, ["level"])
    assert [one.status for one in found.points] == [Status.PASS] * 2
    assert len(found.reweighted) == 2
    text = blocks_of(study)
    assert "NUTS was not needed" in text
    assert "is concave" not in text
    assert f"there are {len(study.at_mode.kinds[0])} kinds" in text
    assert study.page.sections[-1].line == ADVI_LEFT
    assert {"terms", "y_data"} <= {one.name for one in study.by_row.shared_var_keys}
    best = summarise(posterior)["slope[a]"]
    assert best.mean == pytest.approx(0.3, abs=4 * (best.sd or 0))

    rival = poisson(terms, outcome, over)
    _, tree = study.beside(rival, {"draws": 400, "tune": 400, "chains": 2})
    assert "pareto_k" in tree["sample_stats"]
    assert study.diagnosis[K_HAT].status is Status.PASS


def test_other_regressions_go_to_nuts_where_rows_are_few_or_have_unknowns_of_their_own() -> None:
    def found(n: int, gap: bool = False, groups: object = None, k: int = 2) -> bool:
        terms = pd.DataFrame(np.random.default_rng(1).normal(size=(n, k)))
        outcome, over = pd.Series(np.arange(n) % 7, name="y"), pd.Series(np.ones(n))
        if gap:
            terms.iloc[3, 0] = np.nan
        build = partial(negative_binomial, terms, outcome, over, groups)
        return any_mode(build, build()) is not None

    n = _many_rows.OTHERS
    assert found(n)
    assert not found(n - 1)
    assert not found(n, gap=True)
    assert not found(n, groups=pd.Series(np.arange(n) % 5))
    assert not found(n, k=_many_rows.FEW)


def test_ratings_and_other_losses_go_that_way_too() -> None:
    n = _many_rows.OTHERS
    terms = pd.DataFrame(np.random.default_rng(1).normal(size=(n, 2)), columns=["a", "b"])
    outcome = pd.Series(np.arange(n) % 3, name="y")
    builds = partial(huber, terms, outcome), partial(laplace, terms, outcome)
    for build in (partial(cumulative, terms, outcome, ["low", "middle", "high"]), *builds):
        assert any_mode(build, build()) is not None
    groups = partial(cumulative, terms, outcome, ["low", "middle", "high"], outcome)
    assert any_mode(groups, groups()) is None


def test_many_terms_of_many_rows_are_summed_under_both_priors() -> None:
    """The horseshoe has no Gaussian at a mode, and needs none."""
    terms, outcome = table(MANY)
    few = terms.iloc[1:], outcome.iloc[1:]
    for build, summed in ((sparse.laplace, laplace_of_sums), (sparse.horseshoe, horseshoe_of_sums)):
        found = by_sums(partial(build, terms, outcome, noise=2.0))
        assert found
        assert found.func is summed
        assert found.keywords == {"noise": 2.0}
        assert by_sums(partial(build, *few)) is None


def a_file(path: Path, case: str, n: int) -> Path:
    """Write two terms, one of which matters, and ratings or an outcome with heavy tails."""
    rng = np.random.default_rng(12)
    terms = pd.DataFrame(rng.normal(size=(n, 2)), columns=["a", "b"])
    noise = rng.logistic(size=n) if case == "ordinal_regression" else rng.standard_t(3, n)
    y = 0.5 * terms["a"] + noise
    if case == "ordinal_regression":
        y = pd.Series(np.digitize(y, [-1.0, 0.0, 1.5]) + 1)
    terms.assign(y=y).to_csv(file := path / f"{case}.csv", index=False)
    return file


@pytest.mark.validate
@pytest.mark.parametrize("case", ["ordinal_regression", "noise_models", "sparse_regression"])
def test_what_is_said_and_decided_is_as_by_nuts(
    case: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of 4,000 rows, the numbers apart; of `noise_models` the rivals go that way as well.

    Those of `sparse_regression` are summed, and sampled by NUTS all the same.
    """
    main = importlib.import_module(f"analyses.{case}").main
    given: dict[str, Any] = {"data": a_file(tmp_path, case, 4000), "out": tmp_path / "none"}
    told = []
    for many in (4000, 4001):
        monkeypatch.setattr(_many_rows, "OTHERS", many)
        monkeypatch.setattr(_many_rows, "MANY", many)
        with numbers_only() as found:
            main(**given, draws=400, tune=400, quick=True, quiet=True)
        told.append(found[0])
    at_mode, by_nuts = told
    judged, others = ({check["check"] for check in one["diagnostics"]} for one in told)
    assert (K_HAT in judged) == (case != "sparse_regression")
    assert K_HAT not in others
    assert at_mode["decision"] == by_nuts["decision"]
    words = [re.sub(r"[\d.,]+", "#", one["answer"]) for one in told]
    assert words[0] == words[1]
