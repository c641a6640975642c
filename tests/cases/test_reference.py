"""Every case has a reference that does not come from PyMC, it can be relied on, and is met."""

import ast

import numpy as np
import pytest
from scipy import stats

from tests.contract import FOLDER, TESTED, declared, fitted, frozen
from tests.importance import K_GOOD, k_hat, moments
from tests.reference import reference
from tests.test_layers import imported
from workflow.sampling.fit import tries
from workflow.variational.moments import moments as moments_of

OF_PYMC = {"pymc", "pytensor", "arviz", "nutpie", "models", "workflow", "analyses"}


@pytest.mark.parametrize("case", TESTED)
def test_the_reference_is_what_its_command_makes(case: str) -> None:
    """On every processor: to rounding, also where it is drawn."""
    was, again = frozen(case)["reference"], reference(case)
    assert (was["method"], was["command"]) == (again["method"], again["command"])
    assert was["method"]
    assert was["quantities"].keys() == again["quantities"].keys()
    for name, numbers in again["quantities"].items():
        assert was["quantities"][name] == pytest.approx(numbers, rel=1e-6, abs=1e-12), name


@pytest.mark.parametrize("case", TESTED)
def test_the_posterior_meets_the_reference(case: str) -> None:
    """Under every prior mean and sd of each quantity, within four combined Monte Carlo errors."""
    for knobs in [{}, *declared(case).PRIORS]:
        tree = fitted(case, **knobs)
        assert tries(tree)[-1].status == "PASS", knobs
        expected = declared(case).reference(**knobs)
        found = moments_of(tree["posterior"].to_dataset(), independent=False)
        assert found.keys() == expected.keys()
        for name, (mean, sd, mean_error, sd_error) in expected.items():
            (mean_found, sd_found, *_), (error, error_of_sd, *_) = found[name]
            assert abs(mean_found - mean) < 4 * np.hypot(error, mean_error), (knobs, name)
            assert abs(sd_found - sd) < 4 * np.hypot(error_of_sd, sd_error), (knobs, name)


DRAWN = [
    case
    for case in TESTED
    if any(
        one["mcse_mean"] for one in frozen(case).get("reference", {}).get("quantities", {}).values()
    )
]


@pytest.mark.parametrize("case", DRAWN)
def test_a_drawn_reference_can_be_relied_on(case: str) -> None:
    """k-hat below .5 for the weights, and for weights times quantities and squared deviations."""
    for knobs in [{}, *declared(case).PRIORS]:
        drawn, quantities = declared(case).weighted(**knobs)
        assert k_hat(drawn) < K_GOOD, knobs
        for name, values in quantities.items():
            mean = moments(drawn, values)[0]
            assert k_hat(drawn, values) < K_GOOD, (knobs, name)
            assert k_hat(drawn, np.square(values - mean)) < K_GOOD, (knobs, name)


@pytest.mark.parametrize("case", DRAWN)
def test_the_seeds_of_a_drawn_reference_agree(case: str) -> None:
    """Each seed's mean with that of all, by its own error; and their scatter, by chi-squared."""
    drawn, quantities = declared(case).weighted()
    seeds = np.unique(drawn.seed)
    for name, values in quantities.items():
        mean, _, error, _ = moments(drawn, values)
        means = []
        for seed in seeds:
            found, _, own_error, _ = moments(drawn.of(seed), values[drawn.seed == seed])
            assert abs(found - mean) < 4 * own_error, (name, seed)
            means.append(found)
        scatter = np.square(np.array(means) - mean).sum() / (len(seeds) * error**2)
        assert stats.chi2(len(seeds) - 1).sf(scatter) > 1e-4, name


def needed(source: str, *wanted: str) -> set[str]:
    """Return the modules whose names some functions of a module need, by way of others too."""
    tree = ast.parse(source)
    parts: dict[str, ast.AST] = {}
    come_from: dict[str, str] = {}
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            parts[node.name] = node
        elif isinstance(node, ast.Assign):
            parts |= {one.id: node for one in node.targets if isinstance(one, ast.Name)}
        elif isinstance(node, ast.Import | ast.ImportFrom):
            module = getattr(node, "module", None)
            come_from |= {a.asname or a.name: module or a.name for a in node.names}
    waiting, seen = [*wanted], set()
    while waiting:
        seen.add(name := waiting.pop())
        inside = ast.walk(parts[name]) if name in parts else ()
        waiting += {one.id for one in inside if isinstance(one, ast.Name)} - seen
    return {come_from[name] for name in seen if name in come_from}


@pytest.mark.parametrize("case", TESTED)
def test_the_reference_knows_nothing_of_pymc(case: str) -> None:
    """Nor does the density, nor a module of the tests that they need."""
    source = (FOLDER / f"{case}.py").read_text(encoding="utf-8")
    modules = needed(source, "reference", "log_density")
    for name in [name for name in modules if name.startswith("tests.")]:
        path = FOLDER.parents[1].joinpath(*name.split(".")).with_suffix(".py")
        modules |= imported(path.read_text(encoding="utf-8"))
    assert not {name.partition(".")[0] for name in modules} & OF_PYMC


def test_what_a_reference_needs_is_found() -> None:
    source = "import a.b\nfrom c import d as e\nfrom f import g\nX = e()\n"
    source += "def reference():\n    return other()\ndef other():\n    return X\nY = g()"
    assert needed(source, "reference") == {"c"}
